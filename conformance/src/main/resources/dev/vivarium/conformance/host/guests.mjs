// How guests are run on node's own WASI. Each returns the guest's status.
import { WASI } from 'node:wasi';

function wasi(root, args, env) {
  return new WASI({ version: 'preview1', args, env, preopens: { '/': root }, returnOnExit: true });
}

export function command(module, root, args, env = {}) {
  const host = wasi(root, args, env);
  return host.start(new WebAssembly.Instance(module, host.getImportObject()));
}

// The reactor: an early canonical ABI, in which a string is an address and a length.
export function ruby(module, root, source, env = {}) {
  const host = wasi(root, [], env);
  const imports = host.getImportObject();
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] ??= () => {
      throw new Error(`the guest called ${from}.${name}`);
    };
  }
  const handles = [];
  imports.canonical_abi['resource_new_rb-abi-value'] = (value) => handles.push(value) - 1;
  imports.canonical_abi['resource_get_rb-abi-value'] = (handle) => handles[handle];
  const instance = new WebAssembly.Instance(module, imports);
  const guest = instance.exports;
  host.initialize(instance);

  const view = () => new DataView(guest.memory.buffer);
  const text = (string) => {
    const bytes = new TextEncoder().encode(string + '\0');
    const address = guest.cabi_realloc(0, 0, 1, bytes.length);
    new Uint8Array(guest.memory.buffer).set(bytes, address);
    return [address, bytes.length];
  };
  const args = ['ruby', '-EUTF-8', '--disable=syntax_suggest', '-e_=0'].map(text);
  const list = guest.cabi_realloc(0, 0, 4, 8 * args.length);
  args.forEach(([address, length], i) => {
    view().setUint32(list + 8 * i, address, true);
    view().setUint32(list + 8 * i + 4, length, true);
  });
  guest['ruby-init: func(args: list<string>) -> ()'](list, args.length);
  const evaluate =
    guest['rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>'];
  const result = evaluate(...text(source + '\n$stdout.flush'));
  return view().getInt32(result + 4, true);
}
