import { text } from 'node:stream/consumers'
import type { ReadStream } from 'node:tty'

interface Input {
  stdin: NodeJS.ReadStream
  prompt: NodeJS.WritableStream
  signal: AbortSignal
}

/** A value that must not stand in the list of processes, nor on the screen: typed unseen, or everything that is piped in, less one line end. */
export async function readSecret(question: string, { stdin, prompt, signal }: Input): Promise<string> {
  if (!stdin.isTTY) return (await text(stdin)).replace(/\r?\n$/, '')
  prompt.write(question)
  try {
    return await typed(stdin, signal)
  } finally {
    prompt.write('\n')
  }
}

const ENDS: readonly string[] = ['\r', '\n', '\u0004']
const CTRL_C = '\u0003'
const BACKSPACES: readonly string[] = ['\u0008', '\u007f']

function typed(stdin: ReadStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let value = ''
    const end = (settle: () => void): void => {
      stdin.off('data', onData)
      signal.removeEventListener('abort', onAbort)
      stdin.setRawMode(false)
      stdin.pause()
      settle()
    }
    const onAbort = (): void => end(() => reject(signal.reason))
    const onData = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (ENDS.includes(character)) return end(() => resolve(value))
        if (character === CTRL_C) return end(() => reject(new DOMException('Cancelled', 'AbortError')))
        value = BACKSPACES.includes(character) ? value.slice(0, -1) : value + character
      }
    }
    stdin.setRawMode(true)
    stdin.resume()
    stdin.on('data', onData)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
