import { constants } from 'node:fs'
import { copyFile, link } from 'node:fs/promises'

/**
 * A second name for a file that is never written to again, without its bytes a second time where the file system can: shared blocks, else a
 * hard link, else a copy.
 */
export async function linkFile(from: string, to: string): Promise<void> {
  const ways = [() => copyFile(from, to, constants.COPYFILE_FICLONE_FORCE), () => link(from, to)]
  for (const way of ways) {
    try {
      return await way()
    } catch (error) {
      if (isMissing(error)) throw error
    }
  }
  await copyFile(from, to, constants.COPYFILE_EXCL)
}

/** Every other refusal means that this file system cannot do it this way; a real fault meets the copy as well. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
