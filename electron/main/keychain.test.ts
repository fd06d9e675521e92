import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openKeychain, type Sealer } from './keychain.ts'

let file: string
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'strata-keychain-')), 'secrets.json')
})
afterEach(() => rm(join(file, '..'), { recursive: true, force: true }))

/** Electron's own is there in Electron only; this one turns texts around. */
const turn = (text: string): Buffer => Buffer.from([...text].toReversed().join(''))
const oldSealer: Sealer = { isEncryptionAvailable: () => true, encryptString: turn, decryptString: (bytes) => turn(bytes.toString()).toString() }
const newSealer: Sealer = {
  isEncryptionAvailable: () => false,
  encryptString: () => Buffer.alloc(0),
  decryptString: () => '',
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text) => Promise.resolve(turn(text)),
  decryptStringAsync: (bytes) => Promise.resolve({ result: turn(bytes.toString()).toString(), shouldReEncrypt: false }),
  getSelectedStorageBackend: () => 'gnome_libsecret',
}

it.each([['asynchronously', newSealer], ['in the way of older systems', oldSealer]])('Secrets are sealed %s, by workspace, in a file for the user alone', async (_way, sealer) => {
  const keychain = openKeychain({ file, sealer, clock: () => 0, platform: 'linux' })
  await keychain.answer('/w/one', { op: 'set', name: 'token', value: 'value-one' })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).not.toContain('value-one')
  expect(await keychain.answer('/w/one', { op: 'get', name: 'token' })).toBe('value-one')
  expect(await keychain.answer('/w/two', { op: 'get', name: 'token' })).toBeNull()
  expect(await keychain.answer('/w/one', { op: 'list' })).toEqual([{ name: 'token', place: 'keychain', setAt: '1970-01-01T00:00:00.000Z' }])
  expect(await keychain.answer('/w/one', { op: 'remove', name: 'token' })).toBe(true)
  expect(await keychain.answer('/w/one', { op: 'remove', name: 'token' })).toBe(false)
})

it('says plainly when nothing is protected', async () => {
  const plain = openKeychain({ file, sealer: { ...oldSealer, getSelectedStorageBackend: () => 'basic_text' }, clock: () => 0, platform: 'linux' })
  expect(await plain.answer('/w', { op: 'protection' })).toMatchObject({ isSafe: false, text: expect.stringContaining('without protection') })
  const kept = openKeychain({ file, sealer: newSealer, clock: () => 0, platform: 'linux' })
  expect(await kept.answer('/w', { op: 'protection' })).toMatchObject({ isSafe: true })
})

it('refuses to keep what the system cannot seal', async () => {
  const keychain = openKeychain({ file, sealer: { ...oldSealer, isEncryptionAvailable: () => false }, clock: () => 0, platform: 'linux' })
  await expect(keychain.answer('/w', { op: 'set', name: 'token', value: 'value' })).rejects.toThrow('no way to keep secrets')
})
