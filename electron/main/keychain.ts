import type { SafeStorage } from 'electron'
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { KeychainAnswer, KeychainRequest } from '../../shared/contract/engine-process.contract.ts'
import { ProblemError } from '../../shared/domain/problem.ts'

const fileSchema = z.record(z.string(), z.record(z.string(), z.object({ sealed: z.string(), setAt: z.string() })))
type Sealed = z.infer<typeof fileSchema>

/** The part of Electron that seals texts with a key of the user's account. */
export type Sealer = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> & Partial<Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'>>

export interface Keychain {
  /** What the engine asks for, on behalf of one workspace. Values go to the engine only. */
  answer(workspaceDir: string, request: KeychainRequest): Promise<KeychainAnswer>
}

interface KeychainOptions {
  /** What is sealed lies here, by workspace. */
  file: string
  sealer: Sealer
  clock: () => number
  platform: NodeJS.Platform
}

/** Secrets of the desktop: sealed by the system's keychain, where it has one, in a file that only the user may read. */
export function openKeychain({ file, sealer, clock, platform }: KeychainOptions): Keychain {
  return {
    async answer(workspaceDir, request) {
      const all = readSealed(file)
      const own = { ...all[workspaceDir] }
      switch (request.op) {
        case 'protection':
          return protectionOf(sealer, platform)
        case 'list':
          return Object.entries(own).map(([name, { setAt }]) => ({ name, place: 'keychain', setAt }))
        case 'get': {
          const found = Object.entries(own).find(([name]) => name === request.name)?.[1]
          return found === undefined ? null : unseal(sealer, request.name, found.sealed)
        }
        case 'set':
          own[request.name] = { sealed: await seal(sealer, request.value), setAt: new Date(clock()).toISOString() }
          writeSealed(file, { ...all, [workspaceDir]: own })
          return null
        case 'remove': {
          const isThere = Object.hasOwn(own, request.name)
          delete own[request.name]
          if (isThere) writeSealed(file, { ...all, [workspaceDir]: own })
          return isThere
        }
      }
    },
  }
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'in the keychain of macOS', win32: 'encrypted for your Windows account' }

function protectionOf(sealer: Sealer, platform: NodeJS.Platform): KeychainAnswer {
  const system = SYSTEMS[platform]
  if (system !== undefined) return { place: 'keychain', text: system, isSafe: true }
  const backend = sealer.getSelectedStorageBackend?.() ?? 'unknown'
  if (backend === 'basic_text' || backend === 'unknown') {
    return { place: 'keychain', text: 'on this disk without protection: this desktop has no keyring, so whoever can read your files can read them', isSafe: false }
  }
  return { place: 'keychain', text: `encrypted with your keyring (${backend})`, isSafe: true }
}

/** The asynchronous way does not stop the windows while the system asks for a password; older systems have the other one only. */
async function seal(sealer: Sealer, value: string): Promise<string> {
  if (sealer.encryptStringAsync !== undefined && (await sealer.isAsyncEncryptionAvailable?.()) === true) return (await sealer.encryptStringAsync(value)).toString('base64')
  if (sealer.isEncryptionAvailable()) return sealer.encryptString(value).toString('base64')
  throw new ProblemError('UNSUPPORTED', 'This system offers no way to keep secrets', { hint: 'Give the secret to Strata in its environment: STRATA_SECRET_<NAME>' })
}

async function unseal(sealer: Sealer, name: string, sealed: string): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64')
  try {
    if (sealer.decryptStringAsync !== undefined && (await sealer.isAsyncEncryptionAvailable?.()) === true) return (await sealer.decryptStringAsync(bytes)).result
    return sealer.decryptString(bytes)
  } catch (error) {
    throw new ProblemError('NOT_WRITABLE', `The keychain does not open the secret ${name}`, { cause: error, hint: 'Unlock it; if it was set up anew, set the secret again' })
  }
}

function readSealed(file: string): Sealed {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
  const parsed = fileSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new ProblemError('NOT_WRITABLE', `${file} does not hold sealed secrets`, { hint: 'Move it away, then set the secrets again' })
}

function writeSealed(file: string, sealed: Sealed): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.tmp`, JSON.stringify(sealed, null, 2), { mode: 0o600 })
  chmodSync(`${file}.tmp`, 0o600)
  renameSync(`${file}.tmp`, file)
}
