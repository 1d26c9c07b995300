// Runs a guest on node's own WASI, in a directory, and ends with its status:
//   node node.mjs LANGUAGE MODULE ROOT NAME=VALUE,... ARGV...
import { readFileSync } from 'node:fs';
import { command, ruby } from '../host/guests.mjs';

const [language, file, root, variables, ...args] = process.argv.slice(2);
const env = Object.fromEntries(variables.split(',').map((variable) => variable.split('=')));
const module = new WebAssembly.Module(readFileSync(file));
const [, script, ...rest] = args;
process.exitCode =
  language === 'ruby'
    ? ruby(module, root, `ARGV.replace(${JSON.stringify(rest)}); load ${JSON.stringify(script)}`, env)
    : command(module, root, args, env);
