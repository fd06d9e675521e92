import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { didYouMean } from '../../../shared/domain/naming.ts'
import { isZone, type Zone, ZONES } from '../../../shared/domain/zone.ts'
import { compareText, type FindingList } from './finding-list.ts'
import { mapConcurrently } from './map-concurrently.ts'

/** Finds and reads the files that make a workspace. What they say is the business of others. */

export interface TextFile {
  /** Path in the workspace with forward slashes. */
  path: string
  text: string
}

export interface StepFile extends TextFile {
  zone: Zone
  /** File name without its ending. */
  stem: string
  ending: '.sql' | '.ts' | '.yaml'
}

export interface DataTypeFiles {
  /** Path of the folder in the workspace. */
  path: string
  folderName: string
  pipeline: TextFile | null
  steps: StepFile[]
  /** The tests of its steps. */
  tests: TextFile[]
}

export interface WorkspaceFiles {
  strata: TextFile | null
  dataTypes: DataTypeFiles[]
}

const READS_AT_ONCE = 32
const MAX_FILE_BYTES = 2 * 2 ** 20
const TESTS_FOLDER = 'tests'
/** Folders of a data type that hold no steps: tests, and code shared by its processors. */
const OTHER_FOLDERS = new Set([TESTS_FOLDER, 'lib'])

interface Reading {
  root: string
  realRoot: string
  findings: FindingList
  /** A file as it would be, instead of what is on disk. */
  instead: TextFile | null
}

/** Reads strata.yaml and everything under pipelines/. A link that leads out of the workspace is reported and not followed. */
export async function readWorkspaceFiles(root: string, findings: FindingList, instead: TextFile | null = null): Promise<WorkspaceFiles> {
  const reading: Reading = { root, realRoot: await realpath(root), findings, instead }
  const entries = await listFolder(reading, '', ['strata.yaml', 'pipelines'])
  const strata = entries.some(({ name, kind }) => name === 'strata.yaml' && kind === 'file') ? await readText(reading, 'strata.yaml') : null
  if (!entries.some(({ name, kind }) => name === 'pipelines' && kind === 'folder')) return { strata, dataTypes: [] }
  const folders = (await listFolder(reading, 'pipelines')).filter(({ kind }) => kind === 'folder')
  return { strata, dataTypes: await mapConcurrently(folders, READS_AT_ONCE, ({ name }) => readDataType(reading, name)) }
}

async function readDataType(reading: Reading, folderName: string): Promise<DataTypeFiles> {
  const path = `pipelines/${folderName}`
  const entries = await listFolder(reading, path)
  const zones: Zone[] = []
  for (const { name, kind } of entries) {
    if (kind === 'folder' && isZone(name)) zones.push(name)
    else if (kind === 'folder' && !OTHER_FOLDERS.has(name) && !name.startsWith('_')) strayFolder(reading, `${path}/${name}`, name)
    else if (kind === 'file') strayFile(reading, `${path}/${name}`, name)
  }
  const hasPipeline = entries.some(({ name, kind }) => name === 'pipeline.yaml' && kind === 'file')
  const hasTests = entries.some(({ name, kind }) => name === TESTS_FOLDER && kind === 'folder')
  const [pipeline, steps, tests] = await Promise.all([
    hasPipeline ? readText(reading, `${path}/pipeline.yaml`) : null,
    mapConcurrently(zones, READS_AT_ONCE, (zone) => readZone(reading, path, zone)),
    hasTests ? readTests(reading, `${path}/${TESTS_FOLDER}`) : [],
  ])
  return { path, folderName, pipeline, steps: steps.flat(), tests }
}

/** Folders beside them are for what tests of processors need. */
async function readTests(reading: Reading, folder: string): Promise<TextFile[]> {
  const files = (await listFolder(reading, folder)).filter(({ name, kind }) => kind === 'file' && /\.ya?ml$/.test(name))
  const texts = await mapConcurrently(files, READS_AT_ONCE, ({ name }) => readText(reading, `${folder}/${name}`))
  return texts.filter((text) => text !== null)
}

function strayFolder({ findings }: Reading, file: string, name: string): void {
  findings.add({
    severity: 'warning',
    code: 'unknown-folder',
    file,
    message: `The folder "${name}" is no zone, so its files are not read`,
    suggestion: didYouMean(name, ZONES) ?? `Zones: ${ZONES.join(', ')}`,
  })
}

function strayFile({ findings }: Reading, file: string, name: string): void {
  if (name === 'pipeline.yaml' || !/\.(ya?ml|sql|ts)$/i.test(name)) return
  const isPipeline = /^pipelines?\.ya?ml$/i.test(name)
  findings.add({
    severity: 'warning',
    code: 'unknown-file',
    file,
    message: isPipeline ? `"${name}" is not read: the file is called pipeline.yaml` : `"${name}" is not read: steps stand in zone folders`,
    suggestion: isPipeline ? 'Rename it to pipeline.yaml' : `Move it into one of ${ZONES.join(', ')}`,
  })
}

async function readZone(reading: Reading, dataTypePath: string, zone: Zone): Promise<StepFile[]> {
  const folder = `${dataTypePath}/${zone}`
  const files = (await listFolder(reading, folder)).filter(({ kind }) => kind === 'file')
  const steps = await mapConcurrently(files, READS_AT_ONCE, async ({ name }): Promise<StepFile | null> => {
    const ending = stepEnding(reading, `${folder}/${name}`, name)
    const file = ending === null ? null : await readText(reading, `${folder}/${name}`)
    return ending === null || file === null ? null : { ...file, zone, stem: name.replace(/\.\w+$/, ''), ending }
  })
  return steps.filter((step) => step !== null)
}

/** The ending that makes a file part of a step; null for files that are something else. */
function stepEnding({ findings }: Reading, file: string, name: string): StepFile['ending'] | null {
  if (/\.(test|spec|d)\.ts$/.test(name)) return null
  const match = /\.(sql|ts|yaml|yml)$/i.exec(name)
  if (match === null) return null
  const [written] = match
  const ending = written.toLowerCase() === '.yml' ? '.yaml' : written.toLowerCase()
  if (ending !== written) {
    findings.add({ code: 'bad-name', file, message: `"${name}" must end in ${ending}`, suggestion: `Rename it to ${name.slice(0, -written.length)}${ending}` })
  }
  return ending === '.sql' || ending === '.ts' || ending === '.yaml' ? ending : null
}

interface Entry {
  name: string
  kind: 'file' | 'folder'
}

/** Visible files and folders in name order, links resolved. */
async function listFolder(reading: Reading, path: string, only?: readonly string[]): Promise<Entry[]> {
  try {
    const entries = await readdir(join(reading.root, path), { withFileTypes: true })
    const wanted = entries.filter(({ name }) => !name.startsWith('.') && (only === undefined || only.includes(name)))
    const kinds = await mapConcurrently(wanted, READS_AT_ONCE, async (entry) => ({ name: entry.name, kind: await kindOf(reading, path, entry) }))
    return kinds.flatMap(({ name, kind }) => (kind === null ? [] : [{ name, kind }])).toSorted((a, b) => compareText(a.name, b.name))
  } catch (error) {
    reading.findings.add({ code: 'unreadable', file: path, message: `The folder cannot be read: ${messageOf(error)}` })
    return []
  }
}

async function kindOf(reading: Reading, folder: string, entry: Dirent): Promise<Entry['kind'] | null> {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : null
  const file = folder === '' ? entry.name : `${folder}/${entry.name}`
  try {
    const target = await realpath(join(reading.root, file))
    const path = relative(reading.realRoot, target)
    if (path === '..' || path.startsWith(`..${sep}`) || path === target) {
      reading.findings.add({ code: 'link-outside', file, message: 'The link leads out of the workspace, so it is not followed', suggestion: 'Put a copy of the file here' })
      return null
    }
    return (await stat(target)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    reading.findings.add({ code: 'unreadable', file, message: `The link leads nowhere: ${messageOf(error)}` })
    return null
  }
}

async function readText({ root, findings, instead }: Reading, path: string): Promise<TextFile | null> {
  if (instead?.path === path) return instead
  try {
    const bytes = await readFile(join(root, path))
    if (bytes.byteLength > MAX_FILE_BYTES) {
      findings.add({ code: 'unreadable', file: path, message: `The file has ${(bytes.byteLength / 2 ** 20).toFixed(1)} MB; a workspace file may have 2 MB` })
      return null
    }
    // Also takes away a byte order mark.
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    const isEncoding = error instanceof TypeError
    findings.add({ code: 'unreadable', file: path, message: isEncoding ? 'The file is not UTF-8 text' : `The file cannot be read: ${messageOf(error)}`, suggestion: isEncoding ? 'Save it as UTF-8' : null })
    return null
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
