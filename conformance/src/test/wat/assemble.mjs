// Assembles WebAssembly text with npm's wabt. Reads one JSON object from standard input:
//   cache    directory where the package is kept
//   version  the exact version of wabt
//   sha512   of the package's archive, in base64: what npm calls its integrity
//   files    [{name, text, binary}]: a name for messages, the text, and the file to write
// A failure says why on standard error and has status 1.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';

const fail = (line) => {
  throw new Error(line);
};
process.on('uncaughtException', (error) => {
  process.stderr.write(error.message.trim() + '\n');
  process.exitCode = 1;
});

const request = JSON.parse(fs.readFileSync(0, 'utf8'));
const wabtPackage = `wabt@${request.version}`;
const kept = path.join(request.cache, `wabt-${request.version}.tgz`);

const isPinned = (archive) =>
  createHash('sha512').update(archive).digest('base64') === request.sha512;

function npmPack(directory) {
  try {
    execFileSync('npm', ['pack', wabtPackage, '--ignore-scripts', '--loglevel=error'], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    fail(error.code === 'ENOENT'
      ? `${wabtPackage} is fetched with npm, and no npm is on the PATH: install Node.js with npm`
      : `npm cannot fetch ${wabtPackage}:\n` + String(error.stderr).split('\n').slice(0, 4).join('\n'));
  }
}

function fetchArchive() {
  fs.mkdirSync(request.cache, { recursive: true });
  const work = fs.mkdtempSync(path.join(request.cache, '.wabt-'));
  try {
    npmPack(work);
    const file = path.join(work, fs.readdirSync(work).find((name) => name.endsWith('.tgz')));
    const archive = fs.readFileSync(file);
    if (!isPinned(archive)) {
      fail(`${wabtPackage} is not the archive that the project pins: see \`npm config get registry\``);
    }
    fs.renameSync(file, kept);
    return archive;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function loadArchive() {
  try {
    const archive = fs.readFileSync(kept);
    if (isPinned(archive)) return archive;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return fetchArchive();
}

/** The content of one file of a gzipped tar archive with short names. */
function member(archive, wanted) {
  const tar = gunzipSync(archive);
  const field = (at, length) => tar.toString('latin1', at, at + length).replace(/\0.*/s, '');
  for (let at = 0; at < tar.length; ) {
    const size = parseInt(field(at + 124, 12), 8) || 0;
    if (field(at, 100) === wanted) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  fail(`${wabtPackage} has no ${wanted}`);
}

// The package is one CommonJS file; it runs from memory, so that nothing unverified is ever loaded.
const source = member(loadArchive(), 'package/index.js').toString('utf8');
const module = { exports: {} };
new Function('module', 'exports', 'require', '__filename', '__dirname', source)(
  module, module.exports, createRequire(import.meta.url), kept, request.cache);
const wabt = await module.exports();

const features = { exceptions: true, mutable_globals: true, threads: true, bulk_memory: true,
  multi_value: true, sign_extension: true, sat_float_to_int: true, reference_types: true,
  tail_call: true, simd: true };
for (const { name, text, binary } of request.files) {
  const parsed = wabt.parseWat(name, text, features);
  parsed.resolveNames();
  parsed.validate(features);
  const { buffer } = parsed.toBinary({ write_debug_names: true });
  const unfinished = `${binary}.${process.pid}`;
  fs.writeFileSync(unfinished, buffer);
  fs.renameSync(unfinished, binary);
}
