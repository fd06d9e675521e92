import { javascript } from '@codemirror/lang-javascript'
import { yaml } from '@codemirror/lang-yaml'
import type { Extension } from '@codemirror/state'

export type Language = Extension

/** By the ending of a file's name; text where it says nothing. */
export function fileLanguage(path: string): Language {
  if (/\.ya?ml$/.test(path)) return yaml()
  return path.endsWith('.ts') ? javascript({ typescript: true }) : []
}
