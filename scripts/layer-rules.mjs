/**
 * The arrows of the architecture as data. A rule says why, because whoever meets it wants to know what it protects.
 *
 * @typedef {object} Layer what a folder may import of ours
 * @property {string} name
 * @property {RegExp} files
 * @property {RegExp} mayImport
 * @property {string} why
 *
 * @typedef {object} SingleImporter
 * @property {RegExp} packages
 * @property {RegExp} onlyIn
 * @property {RegExp} [typesIn] where a type-only import is allowed as well
 * @property {boolean} testsToo whether tests must keep to it
 * @property {string} why
 *
 * @typedef {object} Unreachable what a process must never load, over however many steps
 * @property {string} name
 * @property {RegExp} entries
 * @property {RegExp} never
 * @property {string} why
 */

/** @type {readonly Layer[]} The first that matches a file is its layer. */
export const LAYERS = [
  { name: 'shared', files: /^shared\//, mayImport: /^shared\//, why: 'shared/ is the common language of all runtimes; it knows none of them' },
  {
    name: 'engine',
    files: /^electron\/engine\//,
    mayImport: /^(electron\/engine|shared)\//,
    why: 'the engine runs under every host, so it knows none of them',
  },
  { name: 'main', files: /^electron\/main\//, mayImport: /^(electron\/main|shared)\//, why: 'main is windows and supervision; it touches no data' },
  { name: 'preload', files: /^electron\/preload\//, mayImport: /^(electron\/preload|shared)\//, why: 'the preload hands over a port and knows no method names' },
  {
    name: 'engine-host',
    files: /^electron\/engine-host\//,
    mayImport: /^(electron\/engine-host|electron\/engine|shared)\//,
    why: 'a host wires the engine to its runtime and stands on nothing else',
  },
  {
    name: 'headless',
    files: /^electron\/headless\//,
    mayImport: /^(electron\/headless|electron\/engine|shared)\//,
    why: 'a host wires the engine to its runtime and stands on nothing else',
  },
  {
    name: 'renderer/api',
    files: /^renderer\/api\//,
    mayImport: /^(renderer\/api|shared)\//,
    why: 'the client serves every screen and knows none of them',
  },
  {
    name: 'renderer/ui',
    files: /^renderer\/ui\//,
    mayImport: /^(renderer\/ui|shared)\//,
    why: 'plain components take data and callbacks; they fetch nothing and know no screen',
  },
  {
    name: 'renderer/grid',
    files: /^renderer\/grid\//,
    mayImport: /^(renderer\/(grid|ui|api)|shared)\//,
    why: 'the grid serves every screen and knows none of them',
  },
  {
    name: 'renderer/editor',
    files: /^renderer\/editor\//,
    mayImport: /^(renderer\/(editor|ui)|shared)\//,
    why: 'the editor serves every screen and knows none of them',
  },
  {
    name: 'renderer/features',
    files: /^renderer\/features\//,
    mayImport: /^(renderer\/(features|grid|editor|ui|api)|shared|resources\/schemas)\//,
    why: 'the shell joins the features, not the other way round',
  },
  { name: 'renderer', files: /^renderer\//, mayImport: /^(renderer|shared)\//, why: 'the window is sandboxed; it reaches the engine through its port only' },
]

/** @type {readonly SingleImporter[]} */
export const SINGLE_IMPORTERS = [
  {
    packages: /^electron$/,
    onlyIn: /^electron\/(main|preload)\//,
    typesIn: /^(electron\/engine-host|e2e)\//,
    testsToo: true,
    why: 'everything but the desktop shell must run without Electron, and importing it in plain Node starts a download',
  },
  {
    packages: /^better-sqlite3$/,
    onlyIn: /^(electron\/engine\/(ledger|query\/names|etl\/connectors\/sqlite)|bench)\//,
    testsToo: false,
    why: 'the ledger is the only writer of SQLite; besides it, one connector reads delivered databases, and query/names keeps the names of entities as a cache',
  },
  {
    packages: /^@duckdb\//,
    onlyIn: /^(electron\/engine\/(query|etl|workers|contracts)|bench)\//,
    testsToo: false,
    why: 'DuckDB lives in worker processes; an abort in native code cannot be caught',
  },
  { packages: /^ag-grid/, onlyIn: /^renderer\/grid\//, testsToo: true, why: 'one place knows the grid library, so that it can be exchanged and stays trimmed' },
  {
    packages: /^(@codemirror|@lezer)\//,
    onlyIn: /^renderer\/editor\//,
    testsToo: true,
    why: 'one place knows the editor library, so that it can be exchanged and is loaded only by screens with an editor',
  },
  {
    packages: /^(node:|fs$|path$|os$|child_process$|crypto$|url$)/,
    onlyIn: /^(electron\/(engine|main|engine-host|headless)|e2e|bench|scripts|resources|[^/]+$)/,
    testsToo: false,
    why: 'shared/, preload and renderer also run where there is no Node',
  },
]

/** @type {readonly Unreachable[]} */
export const UNREACHABLE = [
  {
    name: 'engine process without DuckDB',
    entries: /^electron\/(engine\/create-engine|engine\/engine|engine-host\/engine-host|headless\/(cli|server))\.ts$/,
    never: /^@duckdb\//,
    why: 'an abort in native code would take the run manager and the ledger with it; give the work to a worker',
  },
  {
    name: 'workers without the ledger',
    entries: /^electron\/engine\/workers\/[a-z]+\.worker\.ts$/,
    never: /^electron\/engine\/ledger\//,
    why: 'the engine process is the only writer of the ledger; ask it',
  },
  { name: 'preload without libraries', entries: /^electron\/preload\/preload\.ts$/, never: /^(zod|@orpc\/.*)$/, why: 'the preload is loaded before every page and may be one small file' },
]

/** Folders whose code takes everything from outside: no state at module level, no environment. */
export const HOST_FREE = /^(shared|electron\/engine)\//

/** Names that say nothing about what is inside. */
export const NAMELESS = /^(index|utils?|helpers?|common|types|misc|manager-impl)\.(ts|tsx|mjs)$/

export const KEBAB_CASE = /^[a-z0-9_]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.[a-z]+$/

export const MAX_LINES = 400
