// Kept to the plainest syntax: this file must load in the very versions of Node that it turns away.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Older ones end in a segmentation fault when the ledger opens (SQLite's addon needs Node-API 10), and cannot read TypeScript processors.
var OLDEST_MAJOR = 22
var OLDEST_MINOR = 18

var root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @returns {boolean} whether this process may load the native parts */
export function nodeIsNewEnough() {
  var parts = process.versions.node.split('.').map(Number)
  var major = parts[0] || 0
  return major > OLDEST_MAJOR || (major === OLDEST_MAJOR && (parts[1] || 0) >= OLDEST_MINOR)
}

/** @returns {string | null} the Node that came with the project's packages */
export function projectNode() {
  var folder = join(root, 'node_modules', 'node-' + (process.platform === 'win32' ? 'win' : process.platform) + '-' + process.arch)
  var candidates = [join(folder, 'bin', 'node'), join(folder, 'bin', 'node.exe')]
  return candidates.filter(existsSync)[0] || null
}

/**
 * Goes on in this process when its Node will do; otherwise runs the same script again with the project's own Node and ends as it ends.
 * @param {string} script absolute path of the script that was started
 * @param {() => unknown} work
 */
export function withNewEnoughNode(script, work) {
  if (nodeIsNewEnough()) return work()
  var node = projectNode()
  if (node === null) {
    console.error(
      'Strata needs Node ' + OLDEST_MAJOR + '.' + OLDEST_MINOR + ' or newer, this is ' + process.versions.node + '. ' +
        (existsSync(join(root, 'node_modules'))
          ? 'Install Node 24 from https://nodejs.org and try again.'
          : 'Run "npm ci" in ' + root + ' first: it brings its own Node on Linux and Windows.'),
    )
    process.exit(2)
  }
  var child = spawn(node, [script].concat(process.argv.slice(2)), { stdio: 'inherit' })
  var hasTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY)
  /** @type {NodeJS.Signals[]} */
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach(function (signal) {
    process.on(signal, function () {
      // A terminal sends Ctrl+C to both of us; passing it on twice would cut short an orderly end.
      if (signal !== 'SIGINT' || !hasTerminal) child.kill(signal)
    })
  })
  child.on('error', function (error) {
    console.error('Could not start ' + node + ': ' + error.message)
    process.exit(2)
  })
  child.on('exit', function (code, signal) {
    process.exit(signal === null ? code : 128 + constants.signals[signal])
  })
}
