import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { ZipFile } from 'yazl'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** A zip archive, for tests. */
export async function zipOf(files: Files): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return buffer(zip.outputStream)
}

/** A tar archive, for tests; `links` are symbolic. */
export async function tarOf(files: Files, links: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, Buffer.from(content))
  for (const [name, linkname] of Object.entries(links)) tar.entry({ name, type: 'symlink', linkname })
  tar.finalize()
  return buffer(Readable.from(tar))
}
