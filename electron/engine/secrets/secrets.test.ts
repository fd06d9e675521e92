import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRedactor, WIPED } from './redactor.ts'
import { createSecretBook } from './secret-book.ts'
import { userSecrets } from './user-secrets.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-secrets-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const vaultOf = (workspaceDir = '/w/one', env: Record<string, string> = {}) => userSecrets({ workspaceDir, env: { XDG_CONFIG_HOME: dir, ...env }, platform: 'linux' })
const file = (): string => join(dir, 'strata', 'secrets.json')

describe('the file of secrets', () => {
  it('is readable by its owner alone, and each workspace has its own', async () => {
    await vaultOf().set('token', 'value-one')
    await vaultOf('/w/two').set('token', 'value-two')
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect(await vaultOf().get('token')).toBe('value-one')
    expect(await vaultOf('/w/three').get('token')).toBeNull()
    expect(await vaultOf().list()).toMatchObject([{ name: 'token', place: 'file' }])
    expect(JSON.stringify(await vaultOf().list())).not.toContain('value')
    expect(await vaultOf().remove('token')).toBe(true)
    expect(await vaultOf().remove('token')).toBe(false)
    expect(await vaultOf('/w/two').get('token')).toBe('value-two')
  })

  it('is refused while others can read it', async () => {
    await vaultOf().set('token', 'value-one')
    await chmod(file(), 0o640)
    await expect(vaultOf().get('token')).rejects.toThrow('Others can read')
    await expect(vaultOf().set('token', 'other')).rejects.toThrow('Others can read')
  })

  it('is not quoted when it cannot be read', async () => {
    await mkdir(join(dir, 'strata'))
    await writeFile(file(), '{"token": "value-one"', { mode: 0o600 })
    const error = await vaultOf().get('token').catch((reason: unknown) => reason)
    expect(String(error)).toContain('is not a file of secrets')
    expect(String(error)).not.toContain('value-one')
    expect(await readFile(file(), 'utf8')).toContain('value-one')
  })
})

it('The environment goes before, under names in upper case', async () => {
  await vaultOf().set('orders_token', 'from-file')
  const vault = vaultOf('/w/one', { STRATA_SECRET_ORDERS_TOKEN: 'from-environment', STRATA_SECRET_: 'x', OTHER: 'y' })
  expect(await vault.get('orders_token')).toBe('from-environment')
  expect(await vault.list()).toEqual([{ name: 'orders_token', place: 'environment', setAt: null }])
})

it('A secret that is missing or too short is named, and every one that is handed out is known to the redactor', async () => {
  const redactor = createRedactor()
  const book = createSecretBook(vaultOf('/w/one', { STRATA_SECRET_A: 'abcdef', STRATA_SECRET_B: 'abc' }), redactor)
  await expect(book.resolve(['a', 'c', 'd'])).rejects.toThrow('The secrets c, d are not set')
  await expect(book.resolve(['b'])).rejects.toThrow('shorter than 4 characters')
  expect(await book.resolve(['a'])).toEqual({ a: 'abcdef' })
  expect(redactor.text('it was abcdef')).toBe(`it was ${WIPED}`)
})

describe('the redactor', () => {
  it('leaves no trace of a value in any form in which it travels', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
        const redactor = createRedactor()
        redactor.learn(secret)
        const base64 = Buffer.from(secret).toString('base64')
        const forms = [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1), base64]
        for (const form of forms) expect(redactor.text(`${before}${form}${after}`).includes(form) && !`${before}${after}${WIPED}`.includes(form)).toBe(false)
      }),
    )
  })

  it('goes through problems and whatever is in their details', () => {
    const redactor = createRedactor()
    redactor.learn('hunter22')
    const problem = redactor.problem({ code: 'INTERNAL', message: 'a hunter22', hint: 'b hunter22', retryable: false, details: { hunter22: [{ x: 'c hunter22', n: 1 }] } })
    expect(problem).toMatchObject({ message: `a ${WIPED}`, hint: `b ${WIPED}`, details: { [WIPED]: [{ x: `c ${WIPED}`, n: 1 }] } })
  })
})
