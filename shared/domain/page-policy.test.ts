import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy, mediaType, safeSegments } from './page-policy.ts'

describe('safeSegments', () => {
  it('takes an address path apart', () => {
    expect(safeSegments('/assets/app%20one.js')).toEqual(['assets', 'app one.js'])
    expect(safeSegments('/')).toEqual([])
    expect(safeSegments('//assets/./a.css')).toEqual(['assets', 'a.css'])
  })

  it('refuses whatever could leave the folder', () => {
    for (const path of ['/../etc/passwd', '/%2e%2e/etc', '/a/..%2f..%2fetc', '/a\\..\\b', '/C:/x', '/a%00b', '/%zz']) expect(safeSegments(path)).toBeNull()
  })

  it('never yields a segment that climbs, for any path', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(safeSegments(path)?.some((segment) => segment === '..' || segment.includes('/') || segment.includes('\\')) ?? false).toBe(false)
      }),
    )
  })
})

describe('contentSecurityPolicy', () => {
  it('allows no inline script and styles only with the nonce', () => {
    const policy = contentSecurityPolicy('abc', ['ws://127.0.0.1:1'])
    expect(policy).toContain(`script-src 'self';`)
    expect(policy).toContain(`style-src 'self' 'nonce-abc';`)
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:1;`)
    expect(policy).not.toContain('unsafe-eval')
  })
})

it('knows the types of what the build writes, and says nothing of the rest', () => {
  expect(mediaType('index-abc.js')).toBe('text/javascript; charset=utf-8')
  expect(mediaType('strange')).toBe('application/octet-stream')
})
