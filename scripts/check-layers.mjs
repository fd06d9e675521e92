// npm run layers: checks the whole project against the architecture (rules: layer-rules.mjs).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { inProject, root } from './project.mjs'
import { findViolations } from './layers.mjs'

const FOLDERS = ['shared', 'electron', 'renderer', 'scripts', 'e2e', 'bench', 'resources']
const SOURCES = /\.(ts|tsx|mjs|css|html)$/

const files = FOLDERS.filter((folder) => existsSync(inProject(folder))).flatMap((folder) =>
  readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCES.test(entry.name))
    .map((entry) => relative(root, `${entry.parentPath}${sep}${entry.name}`).replaceAll(sep, '/'))
    .filter((path) => !path.startsWith('resources/sample/') && !path.startsWith('bench/.data/'))
    .map((path) => ({ path, text: readFileSync(inProject(path), 'utf8') })),
)

const violations = findViolations(files, (path) => existsSync(inProject(path)))
for (const { rule, path, line, message } of violations) console.log(`${path}:${line}  [${rule}] ${message}`)
console.log(violations.length === 0 ? `${files.length} files keep to the architecture` : `${violations.length} violations in ${files.length} files`)
process.exitCode = violations.length === 0 ? 0 : 1
