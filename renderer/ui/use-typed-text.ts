import { useEffect, useRef, useState } from 'react'

const SETTLE_MS = 200

/**
 * A text that is typed here and kept elsewhere, as in the address: what is typed counts after a moment, and what changes there (a filter
 * that was cleared, a step back) is shown here.
 */
export function useTypedText(kept: string, onSettle: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(kept)
  const told = useRef(kept)
  const latest = useRef(onSettle)
  latest.current = onSettle
  useEffect(() => {
    // Its own text on its way back, while more may have been typed.
    if (kept === told.current) return
    told.current = kept
    setText(kept)
  }, [kept])
  useEffect(() => {
    if (text === told.current) return
    const timer = setTimeout(() => {
      told.current = text
      latest.current(text)
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return [text, setText]
}
