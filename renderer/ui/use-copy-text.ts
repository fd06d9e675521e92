import { useCallback } from 'react'
import { useToast } from './toast.tsx'

/** Puts a text on the clipboard, and says so when that fails. */
export function useCopyText(): (text: string) => void {
  const toast = useToast()
  return useCallback(
    (text) => {
      navigator.clipboard.writeText(text).catch(() => toast({ status: 'failed', title: 'The clipboard refused the text', text: 'Allow this window to write to it, then copy again.' }))
    },
    [toast],
  )
}
