import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import type { SecretsVault } from './secrets-vault.ts'

const entrySchema = z.object({ value: z.string(), setAt: z.string() })
/** By workspace folder, then by name: a workspace that somebody else wrote cannot name the secrets of another. */
const fileSchema = z.record(z.string(), z.record(z.string(), entrySchema))
type SecretsFile = z.infer<typeof fileSchema>

interface FileVaultOptions {
  /** Outside of every workspace. */
  file: string
  workspaceDir: string
  clock: () => number
  platform: NodeJS.Platform
}

/** A file that only its owner may read, for hosts without a keychain. One that others can read is refused. */
export function createFileVault({ file, workspaceDir, clock, platform }: FileVaultOptions): SecretsVault {
  const own = async (): Promise<SecretsFile[string]> => (await read(file, platform))[workspaceDir] ?? {}
  const change = async (edit: (secrets: SecretsFile[string]) => void): Promise<void> => {
    const all = await read(file, platform)
    const secrets = { ...all[workspaceDir] }
    edit(secrets)
    await write(file, { ...all, [workspaceDir]: secrets })
  }
  return {
    protection: () => Promise.resolve({ place: 'file', text: `in ${file}, readable by you alone, not encrypted`, isSafe: false }),
    list: async () => Object.entries(await own()).map(([name, { setAt }]) => ({ name, place: 'file', setAt })),
    get: async (name) => Object.entries(await own()).find(([key]) => key === name)?.[1].value ?? null,
    set: (name, value) => change((secrets) => void (secrets[name] = { value, setAt: new Date(clock()).toISOString() })),
    async remove(name) {
      if (!Object.hasOwn(await own(), name)) return false
      await change((secrets) => void delete secrets[name])
      return true
    },
  }
}

const OTHERS = 0o077

async function read(file: string, platform: NodeJS.Platform): Promise<SecretsFile> {
  const stats = await stat(file).catch(whenAbsent(null))
  if (stats === null) return {}
  // Windows has no such bits; the folder is the user's own there.
  if (platform !== 'win32' && (stats.mode & OTHERS) !== 0) {
    throw new ProblemError('NOT_WRITABLE', `Others can read ${file} (mode ${(stats.mode & 0o777).toString(8)}), so the secrets in it are not used`, { hint: `Type: chmod 600 ${file}`, details: { path: file } })
  }
  const parsed = fileSchema.safeParse(parse(await readFile(file, 'utf8')))
  if (parsed.success) return parsed.data
  // The reason would quote what is in the file.
  throw new ProblemError('SOURCE_UNREADABLE', `${file} is not a file of secrets`, { hint: 'Move it away, then set the secrets again', details: { path: file, errorClass: 'bad_code' } })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function write(file: string, secrets: SecretsFile): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const scratch = `${file}.${process.pid}.tmp`
  await rm(scratch, { force: true })
  const handle = await open(scratch, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(secrets, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(scratch, file)
}
