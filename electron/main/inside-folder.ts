import { isAbsolute, relative } from 'node:path'

/** True for what lies below the folder, not for the folder itself. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return folder !== '' && way !== '' && way.split(/[\\/]/, 1)[0] !== '..' && !isAbsolute(way)
}
