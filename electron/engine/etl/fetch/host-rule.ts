import { lookup as lookUp } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { HttpSpec } from '../../workspace/remote-model.ts'

/** Who may be contacted on behalf of a source, and who may be told its secrets. */
export interface HostRule {
  /** @throws SOURCE_UNREADABLE for an address that the source does not allow */
  check(url: URL): void
  /** The declared server itself, over a line no less safe. */
  isDeclared(url: URL): boolean
  /** Resolves names; refuses the machine itself and its network for every host that was not declared. */
  lookupFor(url: URL): LookupFunction | undefined
}

/** Networks that an answer from outside has no business to send anybody to. */
const PRIVATE = new BlockList()
for (const [network, prefix] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 4], ['240.0.0.0', 4]] as const) PRIVATE.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [['::', 128], ['::1', 128], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8], ['64:ff9b::', 96]] as const) PRIVATE.addSubnet(network, prefix, 'ipv6')

export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && PRIVATE.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

export function hostRule(declared: URL, redirects: HttpSpec['redirects']): HostRule {
  const named = typeof redirects === 'object' ? redirects.hosts.map((host) => host.toLowerCase()) : []
  const isDeclared = (url: URL): boolean => url.hostname === declared.hostname && (url.origin === declared.origin || isUpgrade(declared, url))
  const isNamed = (url: URL): boolean => named.includes(url.hostname) || named.includes(url.host)
  return {
    isDeclared,
    check(url) {
      const reason = refusal(url)
      if (reason !== null) throw refused(declared, url, reason)
    },
    lookupFor: (url) => (isDeclared(url) || isNamed(url) ? undefined : publicOnly),
  }

  function refusal(url: URL): string | null {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'that is no web address'
    if (declared.protocol === 'https:' && url.protocol === 'http:') return 'the line would no longer be encrypted'
    if (url.username !== '' || url.password !== '') return 'it carries a user name'
    if (isDeclared(url) || isNamed(url)) return null
    if (redirects !== 'any') return 'the source does not allow that host'
    return isPrivateAddress(url.hostname.replaceAll(/[[\]]/g, '')) ? 'that is inside a private network' : null
  }
}

function isUpgrade(from: URL, to: URL): boolean {
  return from.protocol === 'http:' && to.protocol === 'https:' && from.port === '' && to.port === ''
}

function refused(declared: URL, url: URL, reason: string): ProblemError {
  return new ProblemError('SOURCE_UNREADABLE', `${declared.host} sends on to ${url.protocol}//${url.host}: ${reason}`, {
    hint: `If that is right, name it in the source: redirects: [${url.host}]`,
    details: { host: url.host },
  })
}

const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '')
    const inside = addresses.find(({ address }) => isPrivateAddress(address))
    if (inside !== undefined) return callback(Object.assign(new Error(`${hostname} is ${inside.address}, inside a private network`), { code: 'STRATA_PRIVATE_ADDRESS' }), '')
    if (options.all === true) return callback(null, addresses)
    callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
  })
}
