/** What every host that hands out the window's files must hold to: the same headers, the same paths, the same types. */

/**
 * index.html carries this where the style nonce belongs; hosts replace every occurrence with a fresh value per answer.
 * The page reads it from `<meta name="style-nonce" content="...">` and gives it to the libraries that add style elements.
 */
export const STYLE_NONCE_PLACEHOLDER = '__STYLE_NONCE__'

/** Scripts, fonts and connections from the page's own origin only; style elements only with the nonce. Nothing inline, no eval. */
export function contentSecurityPolicy(styleNonce: string, connect: readonly string[] = []): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${styleNonce}'`,
    // Widgets place things with style attributes; attributes cannot load or run anything that img-src and the like do not allow.
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src ${["'self'", ...connect].join(' ')}`,
    `worker-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

/** The other headers of every answer, besides the policy. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()',
}

/**
 * The folders and file of a URL path, or null when it could lead out of the folder it is resolved in: `..`, a backslash,
 * a drive, a NUL, or an escape that does not decode.
 */
export function safeSegments(urlPath: string): string[] | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  const segments = decoded.split('/').filter((segment) => segment !== '' && segment !== '.')
  const unsafe = segments.some((segment) => segment === '..' || /[\\:\0]/.test(segment))
  return unsafe ? null : segments
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
  txt: 'text/plain; charset=utf-8',
  map: 'application/json',
}

/** Media type by the ending of a file's name. */
export function mediaType(fileName: string): string {
  return TYPES[fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}
