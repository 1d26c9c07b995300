// Runs a guest on node's own WASI, as often as asked, and prints what each instance took:
//   node host.mjs LANGUAGE MODULE ROOT COUNT PROGRAM
import { readFileSync } from 'node:fs';
import { command, ruby } from '../host/guests.mjs';

const [language, file, root, count, program] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));

for (let i = 0; i < Number(count); i++) {
  const start = performance.now();
  const status =
    language === 'ruby' ? ruby(module, root, program) : command(module, root, [language, '-c', program]);
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) {
    console.error(`the guest ended with status ${status}`);
    process.exit(1);
  }
  console.log(`instance ${seconds}`);
}
