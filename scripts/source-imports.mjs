import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'

/**
 * @typedef {object} SourceFile
 * @property {string} path relative to the checkout, with forward slashes
 * @property {string} text
 *
 * @typedef {object} Import
 * @property {string} from path of the importing file
 * @property {string} to path of a file of ours, or the name of a package or of a built-in (`node:fs`)
 * @property {boolean} ours
 * @property {boolean} typeOnly erased before it runs. `import { type X }` is not: under verbatimModuleSyntax the module is still loaded
 * @property {number} line
 *
 * @typedef {object} Parsed
 * @property {string} path
 * @property {string} text
 * @property {Import[]} imports
 * @property {import('oxc-parser').Program} program
 */

/**
 * @param {SourceFile} file
 * @returns {Parsed}
 */
export function parseSource({ path, text }) {
  const { module, program, errors } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  const requests = [
    ...module.staticImports.map((found) => request(found.moduleRequest.value, found.start, isTypeOnly(text, found.start, 'import'))),
    ...module.staticExports.flatMap((found) =>
      found.entries.slice(0, 1).flatMap(({ moduleRequest }) =>
        moduleRequest ? [request(moduleRequest.value, found.start, isTypeOnly(text, found.start, 'export'))] : [],
      ),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest }) => literalRequest(text.slice(moduleRequest.start, moduleRequest.end), moduleRequest.start)),
  ]
  const imports = requests.map(({ specifier, start, typeOnly }) => ({
    from: path,
    ...target(path, specifier),
    typeOnly,
    line: lineAt(text, start),
  }))
  return { path, text, imports, program }
}

/**
 * @param {string} text
 * @param {number} offset
 * @returns {number} 1-based
 */
export function lineAt(text, offset) {
  return text.slice(0, offset).split('\n').length
}

/**
 * @param {string} specifier
 * @param {number} start
 * @param {boolean} typeOnly
 */
function request(specifier, start, typeOnly) {
  return { specifier, start, typeOnly }
}

/**
 * @param {string} source text of the argument of `import()`
 * @param {number} start
 */
function literalRequest(source, start) {
  const literal = /^(['"`])([^'"`$]+)\1$/.exec(source.trim())?.[2]
  return literal === undefined ? [] : [request(literal, start, false)]
}

/**
 * @param {string} text
 * @param {number} start
 * @param {'import' | 'export'} keyword
 */
function isTypeOnly(text, start, keyword) {
  return new RegExp(`^${keyword}\\s+type\\b(?!\\s+from\\b|\\s*,)`).test(text.slice(start, start + 40))
}

/**
 * @param {string} from
 * @param {string} specifier
 */
function target(from, specifier) {
  const bare = specifier.replace(/[?#].*$/, '')
  if (bare.startsWith('.')) return { to: posix.join(posix.dirname(from), bare), ours: true }
  const [scopeOrName = '', name] = bare.split('/')
  return { to: bare.startsWith('@') && name !== undefined ? `${scopeOrName}/${name}` : scopeOrName, ours: false }
}
