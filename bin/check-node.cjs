// Plain CommonJS on purpose: it must run, and speak clearly, on a Node too old for everything else here.
const required = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < required[0] || (major === required[0] && minor < required[1])) {
  process.stderr.write(
    `This project needs Node ${required.join('.')} or newer (24 is recommended, see .nvmrc); this is ${process.versions.node}.\n`,
  );
  process.exit(1);
}
