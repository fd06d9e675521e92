/**
 * An error message with its values taken out, so that the same cause in a thousand entities is one group: quoted text, numbers,
 * dates, paths and hashes become marks.
 */
export function errorSignature(message: string): string {
  return message
    .split('\n', 1)
    .join('')
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|“[^”]*”/g, '"…"')
    .replace(/(?:\/[\w.@+-]+){2,}|[A-Za-z]:\\\S+/g, '<path>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b|\b[0-9a-f]{16,}\b/gi, '<hash>')
    .replace(/\b\d{4}-\d{2}(?:-\d{2})?(?:[T ][\d:.]+Z?)?\b/g, '<date>')
    .replace(/\b[A-Za-z]{1,8}[:_-]?\d{3,}\b/g, '<id>')
    .replace(/[-+]?\b\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?\b/gi, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
