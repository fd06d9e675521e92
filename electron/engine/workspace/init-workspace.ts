import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ProblemError } from '../../../shared/domain/problem.ts'

export type WorkspaceSample = { kind: 'empty' } | { kind: 'sample'; sampleDir: string }

const MARKER = 'strata.yaml'
const FOLDERS = ['inbox', 'pipelines', 'exports']
/** Made by the engine, so never part of a sample. */
const ENGINE_FOLDERS = new Set(['zones', '.strata'])

/**
 * Makes a workspace in `dir`, which may exist as long as nothing is in it. On a workspace that is there already, `empty` only
 * adds folders that are missing. Never overwrites a file.
 * @throws ProblemError CONFLICT where something else is in the folder, NOT_FOUND where the sample is missing
 */
export async function initWorkspace(dir: string, sample: WorkspaceSample): Promise<void> {
  const root = resolve(dir)
  const entries = await visibleEntries(root)
  if (entries.includes(MARKER)) {
    if (sample.kind === 'sample') throw new ProblemError('CONFLICT', `${root} is a workspace already`, { hint: 'Choose a new folder for the sample' })
    return makeFolders(root)
  }
  if (entries.length > 0) {
    throw new ProblemError('CONFLICT', `${root} is not empty and is no workspace (it holds ${entries.slice(0, 3).join(', ')})`, {
      hint: 'Choose an empty or a new folder',
      details: { path: root },
    })
  }
  await mkdir(dirname(root), { recursive: true })
  const staging = await mkdtemp(join(dirname(root), '.strata-init-'))
  try {
    if (sample.kind === 'sample') await copySample(sample.sampleDir, staging)
    else await writeEmpty(staging, basename(root))
    await makeFolders(staging)
    await moveInto(staging, root)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** What counts as content: a `.git` folder or a file manager's droppings do not. */
async function visibleEntries(root: string): Promise<string[]> {
  try {
    return (await readdir(root)).filter((name) => !name.startsWith('.')).toSorted()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT') return []
    if (code === 'ENOTDIR') throw new ProblemError('CONFLICT', `${root} is a file`, { hint: 'Choose an empty or a new folder', cause: error })
    throw new ProblemError('BAD_INPUT', `${root} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function makeFolders(root: string): Promise<void> {
  await Promise.all(FOLDERS.map((name) => mkdir(join(root, name), { recursive: true })))
}

async function copySample(sampleDir: string, target: string): Promise<void> {
  const marker = await stat(join(sampleDir, MARKER)).catch(() => null)
  if (marker === null) throw new ProblemError('NOT_FOUND', `The sample workspace ${sampleDir} is missing`, { hint: 'Install Strata again, or start with an empty workspace' })
  for (const entry of await readdir(sampleDir, { withFileTypes: true })) {
    if (!ENGINE_FOLDERS.has(entry.name)) await copyEntry(join(sampleDir, entry.name), join(target, entry.name), entry.isDirectory())
  }
}

async function copyEntry(from: string, to: string, isFolder: boolean): Promise<void> {
  if (!isFolder) {
    await copyFile(from, to)
    // Installed files are often read-only; the copy is the user's to edit.
    return chmod(to, 0o644)
  }
  await mkdir(to)
  for (const entry of await readdir(from, { withFileTypes: true })) await copyEntry(join(from, entry.name), join(to, entry.name), entry.isDirectory())
}

/** The marker goes last: a folder is a workspace only once everything else is in it. */
async function moveInto(staging: string, root: string): Promise<void> {
  await mkdir(root, { recursive: true })
  const names = (await readdir(staging)).toSorted((a, b) => Number(a === MARKER) - Number(b === MARKER))
  for (const name of names) await rename(join(staging, name), join(root, name))
}

async function writeEmpty(target: string, folderName: string): Promise<void> {
  await writeFile(join(target, MARKER), strataYaml(folderName))
  await writeFile(join(target, '.gitignore'), '# Made by Strata from the files beside this one.\n/zones/\n/exports/\n/.strata/\n')
}

function strataYaml(folderName: string): string {
  const name = folderName.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-').replaceAll(/^[^a-z]+|-+$/g, '').slice(0, 63)
  return `# A Strata workspace. What the keys mean: docs/reference/workspace-files.md
name: ${name === '' ? 'workspace' : name}
label: ${JSON.stringify(folderName)}
# description: What this workspace is for, in a sentence.

# What a run may use. Without these lines: 4GB or half of the memory, whichever is less, and up to 8 threads.
# limits:
#   memory: 4GB
#   threads: 4

# Runs that were cut off go on when a window opens the workspace; "ask" leaves them until somebody resumes them.
# resume: ask

# Which versions "strata gc" may remove, by zone; without these lines, none. "strata retention" shows what would go.
# retention:
#   preprocessed: { keep_versions: 5, keep_days: 30 }

# Data types live in folders of pipelines/, one each:
#
#   pipelines/drugs/pipeline.yaml            sources and the entity key
#   pipelines/drugs/curated/products.sql     a step: one SELECT makes the dataset drugs.curated.products
#   pipelines/drugs/curated/products.yaml    what the dataset promises: columns, key, rules
`
}
