import { useRef } from 'react'

/** The value before while the new one says the same as JSON: for things that are parsed anew at every render. */
export function useStable<T>(value: T): T {
  const kept = useRef({ value, text: JSON.stringify(value) })
  const text = JSON.stringify(value)
  if (text !== kept.current.text) kept.current = { value, text }
  return kept.current.value
}
