import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Manifest } from '../zones/manifest.ts'
import { manifestSchema } from '../zones/manifest.ts'
import type { KnownFile, NewDamage } from '../ledger/kept-files.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { WorkerClient } from '../workers/worker-client.ts'
import { DELIVERED_DIR, MANIFEST_NAME } from '../zones/layout.ts'
import { MOVES_NAME } from '../zones/take-delivery.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import { walkFiles } from './walk-files.ts'

type Parts = Pick<EngineParts, 'layout' | 'files' | 'versions'>

/** A file of a version, as it was written; null where only an earlier look can tell. */
export interface ExpectedFile {
  name: string
  sizeBytes: number | null
  sha256: string | null
}

export interface CheckedVersion {
  files: number
  sizeBytes: number
  damages: NewDamage[]
  /** Files that are right, to be compared with next time. */
  known: KnownFile[]
}

export function expectedFiles({ versions }: Pick<Parts, 'versions'>, version: VersionRow): ExpectedFile[] {
  return [
    { name: MANIFEST_NAME, sizeBytes: null, sha256: null },
    ...version.parts.map(({ name, sizeBytes, sha256 }) => ({ name, sizeBytes, sha256 })),
    ...(version.rejectsName === null ? [] : [{ name: version.rejectsName, sizeBytes: null, sha256: null }]),
    ...versions.deliveries(version.id).map(({ fileName, sizeBytes, sha256 }) => ({ name: `${DELIVERED_DIR}/${fileName}`, sizeBytes, sha256 })),
  ]
}

interface CheckOptions {
  worker: WorkerClient<'export'>
  signal: AbortSignal
  onShare(share: number): void
}

/** Reads every file of a version again, in a worker, and compares it with what the ledger and the last look say. */
export async function checkVersion(parts: Parts, version: VersionRow, { worker, signal, onShare }: CheckOptions): Promise<CheckedVersion> {
  const dir = parts.layout.versionDir(version.dataset, version.number)
  const manifest = await readManifest(path.join(dir, MANIFEST_NAME))
  const expected = [...expectedFiles(parts, version), ...onlyInManifest(manifest)]
  const known = parts.files.knownFiles(version.id)
  const found = await walkFiles(dir, signal)
  const { files } = await worker.call('hashFiles', { paths: expected.map(({ name }) => path.join(dir, name)) }, { signal, onProgress: ({ share }) => onShare(share ?? 0) })
  const about = (name: string): Omit<NewDamage, 'kind' | 'text'> => ({ dataset: version.dataset, versionId: version.id, path: parts.layout.relative(path.join(dir, name)) })
  const damages: NewDamage[] = []
  const right: KnownFile[] = []
  for (const [index, file] of expected.entries()) {
    const now = files[index] ?? null
    const wrong = whatIsWrong(now, { sha256: file.sha256, sizeBytes: file.sizeBytes }, known.get(file.name))
    if (now === null || wrong !== null) damages.push({ ...about(file.name), kind: now === null ? 'missing' : 'changed', text: wrong ?? 'is missing' })
    else if (file.name === MANIFEST_NAME && !manifestAgrees(manifest, version)) damages.push({ ...about(file.name), kind: 'changed', text: 'does not say what the ledger says' })
    else right.push({ name: file.name, ...now })
  }
  const names = new Set([...expected.map(({ name }) => name), MOVES_NAME])
  for (const { name } of found) if (!names.has(name)) damages.push({ ...about(name), kind: 'unexpected', text: 'was not written by Strata' })
  return { files: found.length, sizeBytes: files.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0), damages, known: right }
}

/** Null when the file is as it was written; where the ledger does not say how, as it was when last looked at. */
function whatIsWrong(now: Omit<KnownFile, 'name'> | null, written: { sha256: string | null; sizeBytes: number | null }, last: KnownFile | undefined): string | null {
  if (now === null) return 'is missing'
  const sizeBytes = written.sizeBytes ?? last?.sizeBytes ?? now.sizeBytes
  if (now.sizeBytes !== sizeBytes) return `has ${now.sizeBytes} bytes instead of ${sizeBytes}`
  return now.sha256 === (written.sha256 ?? last?.sha256 ?? now.sha256) ? null : 'does not hold what was written'
}

/** Files that only the manifest knows. */
function onlyInManifest(manifest: Manifest | null): ExpectedFile[] {
  const index = manifest?.entityIndex ?? null
  const originals = manifest?.originals ?? null
  return [
    ...(index === null ? [] : [{ name: index.name, sizeBytes: null, sha256: index.sha256 }]),
    ...(originals === null ? [] : [{ name: originals.name, sizeBytes: null, sha256: null }]),
  ]
}

function manifestAgrees(manifest: Manifest | null, version: VersionRow): boolean {
  if (manifest === null) return false
  const { dataset, number, runNumber, rowCount, contentHash, layout, rejectsName, parts, columns } = version
  const said = [manifest.dataset, manifest.version, manifest.runNumber, manifest.rowCount, manifest.contentHash, manifest.layout, manifest.rejectsName, manifest.parts, manifest.columns]
  return JSON.stringify(said) === JSON.stringify([dataset, number, runNumber, rowCount, contentHash, layout, rejectsName, parts, columns])
}

/** Null when it is missing or does not read as one. */
async function readManifest(file: string): Promise<Manifest | null> {
  const text = await readFile(file, 'utf8').catch(whenAbsent(null))
  if (text === null) return null
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
