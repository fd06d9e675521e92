import { InvalidArgumentError } from 'commander'

/** For commander: a port, or an error it reports as usage. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('Give a port from 0 to 65535.')
  return port
}
