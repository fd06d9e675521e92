import { basename } from 'node:path'
import { Visitor } from 'oxc-parser'
import { HOST_FREE, KEBAB_CASE, LAYERS, MAX_LINES, NAMELESS, SINGLE_IMPORTERS, UNREACHABLE } from './layer-rules.mjs'
import { lineAt, parseSource } from './source-imports.mjs'

/**
 * @typedef {import('./source-imports.mjs').SourceFile} SourceFile
 * @typedef {import('./source-imports.mjs').Parsed} Parsed
 * @typedef {import('./source-imports.mjs').Import} Import
 * @typedef {{ rule: string, path: string, line: number, message: string }} Violation
 */

/**
 * Checks sources against the architecture.
 * @param {readonly SourceFile[]} files the whole project, or as much of it as a test needs
 * @param {(path: string) => boolean} exists for imports of files that are not sources (CSS, JSON)
 * @returns {Violation[]}
 */
export function findViolations(files, exists = () => false) {
  const parsed = files.filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path)).map(parseSource)
  const known = new Map(parsed.map((file) => [file.path, file]))
  return [
    ...files.flatMap((file) => [...badName(file), ...tooLong(file)]),
    ...parsed.flatMap((file) => [
      ...file.imports.flatMap((found) => [
        ...wrongArrow(found),
        ...wrongImporter(found),
        ...featureOfAnother(found),
        ...unresolved(found, (path) => known.has(path) || exists(path)),
      ]),
      ...ambientState(file),
    ]),
    ...cycles(known),
    ...forbiddenReach(known),
  ]
}

/** @param {SourceFile} file @returns {Violation[]} */
function badName({ path }) {
  const name = basename(path)
  if (NAMELESS.test(name)) return [{ rule: 'name', path, line: 1, message: `"${name}" says nothing; name the file for the one thing it exports` }]
  return KEBAB_CASE.test(name) ? [] : [{ rule: 'name', path, line: 1, message: 'file names are kebab-case with role suffixes: run-page.tsx, csv.connector.ts' }]
}

/** @param {SourceFile} file @returns {Violation[]} */
function tooLong({ path, text }) {
  const lines = text.split('\n').length - 1
  if (lines <= MAX_LINES || isTest(path)) return []
  return [{ rule: 'size', path, line: MAX_LINES, message: `${lines} lines; above ${MAX_LINES} nobody reads a file whole. Split it by what changes together` }]
}

/** @param {Import} found @returns {Violation[]} */
function wrongArrow(found) {
  const layer = LAYERS.find(({ files }) => files.test(found.from))
  if (!found.ours || layer === undefined || layer.mayImport.test(found.to)) return []
  return [violation('arrow', found, `${layer.name} may not import ${found.to}: ${layer.why}`)]
}

/** @param {Import} found @returns {Violation[]} */
function wrongImporter(found) {
  if (found.ours) return []
  return SINGLE_IMPORTERS.filter(
    (rule) =>
      rule.packages.test(found.to) &&
      !rule.onlyIn.test(found.from) &&
      !(found.typeOnly && rule.typesIn?.test(found.from)) &&
      (rule.testsToo || !isTest(found.from)),
  ).map((rule) => violation('single importer', found, `${found.to} may not be imported here: ${rule.why}`))
}

/** @param {Import} found @returns {Violation[]} */
function featureOfAnother(found) {
  const feature = /^renderer\/features\/([^/]+)\//
  const [, own] = feature.exec(found.from) ?? []
  const [, other] = feature.exec(found.to) ?? []
  if (own === undefined || other === undefined || own === other) return []
  return [violation('features apart', found, `${own} may not import from ${other}: features are joined in the shell only, so that each can be changed alone`)]
}

/** @param {Import} found @param {(path: string) => boolean} exists @returns {Violation[]} */
function unresolved(found, exists) {
  if (!found.ours || exists(found.to)) return []
  return [violation('unresolved', found, `there is no ${found.to}; relative imports carry their extension`)]
}

/**
 * Below the hosts nothing may hide: no mutable state of a module, no environment.
 * @param {Parsed} file
 * @returns {Violation[]}
 */
function ambientState({ path, text, program }) {
  if (!HOST_FREE.test(path) || isTest(path)) return []
  /** @type {Violation[]} */
  const violations = []
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind === 'const' || declaration.declare) continue
    violations.push({ rule: 'ambient state', path, line: lineAt(text, declaration.start), message: 'module-level state outlives the engine that made it; keep it in what createEngine returns' })
  }
  new Visitor({
    MemberExpression(node) {
      if (text.slice(node.start, node.end) !== 'process.env') return
      violations.push({ rule: 'ambient state', path, line: lineAt(text, node.start), message: 'only a host reads the environment; take it as an option' })
    },
  }).visit(program)
  return violations
}

/**
 * Cycles over all imports, type-only ones included: two files that need each other's types cannot be understood, or moved, apart.
 * @param {Map<string, Parsed>} known
 * @returns {Violation[]}
 */
function cycles(known) {
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map()
  /** @type {Violation[]} */
  const violations = []
  /** @param {Parsed} file @param {string[]} trail */
  const visit = (file, trail) => {
    state.set(file.path, 'open')
    for (const found of file.imports) {
      const next = known.get(found.to)
      if (next === undefined) continue
      const way = [...trail, file.path]
      if (state.get(next.path) === 'open') {
        const loop = [...way.slice(way.indexOf(next.path)), next.path]
        violations.push(violation('cycle', found, `${loop.join(' -> ')}: move what both need into a file of its own`))
      } else if (!state.has(next.path)) visit(next, way)
    }
    state.set(file.path, 'done')
  }
  for (const file of known.values()) if (!state.has(file.path)) visit(file, [])
  return violations
}

/** @param {Map<string, Parsed>} known @returns {Violation[]} */
function forbiddenReach(known) {
  return UNREACHABLE.flatMap((rule) =>
    [...known.values()]
      .filter((file) => rule.entries.test(file.path))
      .flatMap((entry) => {
        const way = wayTo(entry, rule.never, known)
        return way === null ? [] : [{ rule: rule.name, path: entry.path, line: 1, message: `${way.join(' -> ')}: ${rule.why}` }]
      }),
  )
}

/**
 * The shortest way over imports that run.
 * @param {Parsed} entry
 * @param {RegExp} never
 * @param {Map<string, Parsed>} known
 */
function wayTo(entry, never, known) {
  const seen = new Set([entry.path])
  const queue = [{ file: entry, way: [entry.path] }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const found of next.file.imports) {
      if (found.typeOnly || seen.has(found.to)) continue
      seen.add(found.to)
      const way = [...next.way, found.to]
      if (never.test(found.to)) return way
      const file = known.get(found.to)
      if (file !== undefined) queue.push({ file, way })
    }
  }
  return null
}

/** @param {string} rule @param {Import} found @param {string} message @returns {Violation} */
function violation(rule, found, message) {
  return { rule, path: found.from, line: found.line, message }
}

/** @param {string} path */
function isTest(path) {
  return /\.test\.tsx?$/.test(path) || path.startsWith('e2e/')
}
