/**
 * Imported first, before anything that loads native code: under an older Node the SQLite module takes the whole process
 * down without a word, and a processor in TypeScript cannot be read. The same limit as scripts/node-version.mjs, which guards the
 * checkout; this one guards the built programs. Imports nothing itself.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Strata needs Node 22.18 or newer, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      `In the checkout, \`npm run\` and \`npx strata\` use the Node 24 that npm ci installed; otherwise get one from https://nodejs.org\n`,
  )
  process.exit(2)
}

export {}
