/**
 * Imported first, before anything that loads native code: under an older Node the SQLite module takes the whole process
 * down without a word. Imports nothing itself.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `Strata needs Node 22.12 or newer, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      `In the checkout, \`npm run\` and \`npx strata\` use the Node 24 that npm ci installed; otherwise get one from https://nodejs.org\n`,
  )
  process.exit(1)
}

export {}
