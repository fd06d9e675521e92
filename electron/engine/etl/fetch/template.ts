import type { ParameterValues } from '../../../../shared/domain/run-parameters.ts'

export interface TemplateValues {
  cursor: string | null
  parameters: ParameterValues
  secrets: Readonly<Record<string, string>>
}

const REFERENCE = /\{cursor\}|\{(param|secret):([a-z][a-z0-9_]*)\}/g

/** A text with what it refers to. `encode` is for what is put into the text, not for the text itself. */
export function fillIn(text: string, { cursor, parameters, secrets }: TemplateValues, encode: (value: string) => string = (value) => value): string {
  const whole = /^secret:([a-z][a-z0-9_]*)$/.exec(text)?.[1]
  if (whole !== undefined) return secrets[whole] ?? ''
  return text.replaceAll(REFERENCE, (_match, word: string | undefined, name: string = '') => {
    if (word === undefined) return encode(cursor ?? '')
    return encode(String(word === 'param' ? (parameters[name] ?? '') : (secrets[name] ?? '')))
  })
}

/** Whether it only makes sense with a cursor, and there is none. */
export function lacksCursor(text: string, { cursor }: TemplateValues): boolean {
  return cursor === null && text.includes('{cursor}')
}
