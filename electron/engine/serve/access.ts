import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX } from '../../../shared/contract/host.contract.ts'

/** Who may speak to the server: the address it was started under, the page it served, and the holder of the token. */
export interface Access {
  readonly token: string
  /** The Host header names this server: a foreign name that resolves to 127.0.0.1 (DNS rebinding) is refused. */
  hasOwnHost(request: IncomingMessage): boolean
  /** Why a WebSocket upgrade is refused, as status and text; null when it may pass. */
  upgradeRefusal(request: IncomingMessage): { status: 401 | 403; text: string } | null
  /** Why a call over HTTP is refused; null when it carries the token, under the server's own name, and from no page but its own. */
  apiRefusal(request: IncomingMessage): { status: 401 | 403; text: string } | null
  /** A code that stands for the token once, for a command line that other users of the machine can read. */
  newLaunchCode(): string
  /** True once for the last launch code, within a minute. */
  spendLaunchCode(code: string): boolean
}

const LAUNCH_CODE_MS = 60_000

export function createAccess(port: number, clock: () => number = Date.now): Access {
  const token = randomBytes(24).toString('base64url')
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  let launch: { code: string; expiresAt: number } | null = null
  const hasOwnHost = (request: IncomingMessage): boolean => hosts.has(request.headers.host ?? '')
  return {
    token,
    hasOwnHost,
    upgradeRefusal(request) {
      if (!hasOwnHost(request)) return { status: 403, text: 'Wrong host' }
      // Browsers send the page's origin with every WebSocket and scripts cannot change it.
      if (request.headers.origin !== `http://${request.headers.host}`) return { status: 403, text: 'Wrong origin' }
      const offered = offeredProtocols(request)
      const given = offered.find((protocol) => protocol.startsWith(RPC_TOKEN_PREFIX))?.slice(RPC_TOKEN_PREFIX.length) ?? ''
      if (!offered.includes(RPC_SUBPROTOCOL) || !equalInConstantTime(given, token)) return { status: 401, text: 'Wrong token' }
      return null
    },
    apiRefusal(request) {
      if (!hasOwnHost(request)) return { status: 403, text: 'Wrong host' }
      const { origin, authorization = '' } = request.headers
      // Programs send none; a page that is not ours must not get in even with a token that it was given.
      if (origin !== undefined && origin !== `http://${request.headers.host}`) return { status: 403, text: 'Wrong origin' }
      return equalInConstantTime(/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '', token) ? null : { status: 401, text: 'Wrong token' }
    },
    newLaunchCode() {
      launch = { code: randomBytes(24).toString('base64url'), expiresAt: clock() + LAUNCH_CODE_MS }
      return launch.code
    },
    spendLaunchCode(code) {
      const valid = launch !== null && clock() < launch.expiresAt && equalInConstantTime(code, launch.code)
      if (valid) launch = null
      return valid
    },
  }
}

/** The subprotocols that a WebSocket client offers. */
function offeredProtocols(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
}

/** Hashed first, because timingSafeEqual wants equal lengths and a length must not leak either. */
function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
