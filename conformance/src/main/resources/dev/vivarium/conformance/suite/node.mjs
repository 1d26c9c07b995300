// Runs a command on node's own WASI, in a directory, and ends with its status:
//   node node.mjs MODULE ROOT NAME=VALUE,... ARGV...
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [file, root, variables, ...args] = process.argv.slice(2);
const env = Object.fromEntries(variables.split(',').map((variable) => variable.split('=')));
const host = new WASI({ version: 'preview1', args, env, preopens: { '/': root }, returnOnExit: true });
const module = new WebAssembly.Module(readFileSync(file));
process.exitCode = host.start(new WebAssembly.Instance(module, host.getImportObject()));
