/** The nonce of the page's style policy, for libraries that add style elements; undefined where the page carries none. */
export function styleNonce(): string | undefined {
  const content = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content')
  return content === null || content === '' ? undefined : content
}
