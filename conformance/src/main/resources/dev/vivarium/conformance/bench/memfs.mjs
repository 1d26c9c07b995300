// Times the rows of `conformance/bench fs` on memfs, and prints a line for each: its name, nanoseconds for one call.
//   node --expose-gc memfs.mjs PACKAGE MILLISECONDS LARGEST_DIRECTORY
import { createRequire } from 'node:module';

const [directory, milliseconds, largest] = process.argv.slice(2);
const { createFsFromVolume, Volume } = createRequire(directory + '/')('memfs');

const FILES = 1000;
const LENGTH = 16 << 20;

/** Repeats a call, warm, for as long as was asked for. */
function measure(row, calls, call) {
  for (const warm of [true, false]) {
    const limit = Number(milliseconds) * 1e6;
    let taken = 0;
    let rounds = 0;
    while (taken < limit) {
      const start = process.hrtime.bigint();
      call.run();
      taken += Number(process.hrtime.bigint() - start);
      call.after?.();
      rounds++;
    }
    if (!warm) {
      console.log(`${row} ${taken / rounds / calls}`);
    }
  }
}

function volume() {
  return createFsFromVolume(new Volume());
}

function times(count, run) {
  return { run: () => { for (let i = 0; i < count; i++) run(i); } };
}

function metadata() {
  const fs = volume();
  fs.mkdirSync('/d');
  const name = (kind, i) => `/d/${kind}-${String(i).padStart(4, '0')}`;
  const create = (path) => fs.closeSync(fs.openSync(path, 'wx'));
  for (let i = 0; i < FILES; i++) create(name('file', i));
  let deep = '';
  for (let i = 1; i < 32; i++) fs.mkdirSync((deep += `/level-${i}`));
  create((deep += '/file'));
  create('/d/one');
  const fresh = Array.from({ length: FILES }, (_, i) => name('new', i));

  measure('openAndClose', FILES, times(FILES, () => fs.closeSync(fs.openSync('/d/file-0500', 'r'))));
  measure('statHit', FILES, times(FILES, () => fs.statSync('/d/file-0500')));
  measure('statMiss', FILES, times(FILES, () => fs.statSync('/d/missing', { throwIfNoEntry: false })));
  measure('statDeepPath', FILES, times(FILES, () => fs.statSync(deep)));
  measure('rename', 2, {
    run: () => {
      fs.renameSync('/d/one', '/d/other');
      fs.renameSync('/d/other', '/d/one');
    },
  });
  measure('create', FILES, {
    run: () => fresh.forEach(create),
    after: () => fresh.forEach((path) => fs.unlinkSync(path)),
  });
  fresh.forEach(create);
  measure('unlink', FILES, {
    run: () => fresh.forEach((path) => fs.unlinkSync(path)),
    after: () => fresh.forEach(create),
  });
}

function listing(size) {
  const fs = volume();
  fs.mkdirSync('/d');
  for (let i = 0; i < size; i++) {
    fs.closeSync(fs.openSync(`/d/entry-${String(i).padStart(7, '0')}`, 'wx'));
  }
  measure(`readdir ${size}`, 1, { run: () => fs.readdirSync('/d') });
}

function content(size) {
  const fs = volume();
  const buffer = Buffer.alloc(size, 'x');
  const file = fs.openSync('/file', 'w+');
  const count = LENGTH / size;
  for (let i = 0; i < count; i++) fs.writeSync(file, buffer, 0, size, i * size);
  const somewhere = () => size * Math.floor(Math.random() * count);
  measure(`readInSequence ${size}`, count, times(count, (i) => fs.readSync(file, buffer, 0, size, i * size)));
  measure(`writeInSequence ${size}`, count, times(count, (i) => fs.writeSync(file, buffer, 0, size, i * size)));
  measure(`readAtRandom ${size}`, count, times(count, () => fs.readSync(file, buffer, 0, size, somewhere())));
  measure(`writeAtRandom ${size}`, count, times(count, () => fs.writeSync(file, buffer, 0, size, somewhere())));
}

/** A growing file is copied whole at each call, so it grows to a megabyte only. */
function append(size, limit) {
  const fs = volume();
  const buffer = Buffer.alloc(size, 'x');
  const file = fs.openSync('/file', 'a');
  measure(`append ${size}`, limit / size, {
    run: () => { for (let i = 0; i < limit / size; i++) fs.writeSync(file, buffer, 0, size); },
    after: () => fs.ftruncateSync(file, 0),
  });
}

function heap(bytes) {
  const fs = volume();
  const data = Buffer.alloc(bytes, 'x');
  const count = 20000;
  const used = () => {
    gc();
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  fs.mkdirSync('/d');
  const before = used();
  for (let i = 0; i < count; i++) fs.writeFileSync(`/d/f${String(i).padStart(7, '0')}`, data);
  const taken = used() - before;
  // The volume has to live until here.
  if (fs.readdirSync('/d').length !== count) throw new Error('files are missing');
  console.log(`heap ${bytes} ${taken / count}`);
}

// First, while nothing else is there to be freed.
for (const bytes of [0, 1024]) heap(bytes);
metadata();
for (const size of [10, 1000, 100000, 1000000]) {
  if (size <= Number(largest)) listing(size);
}
for (const size of [4096, 1 << 20]) content(size);
append(4096, 1 << 20);
append(1 << 20, 1 << 20);
