import { app, type BrowserWindow, dialog } from 'electron'

export interface QuitGuard {
  /** True when nothing runs, or when a person has said to quit all the same; else asks, and quits on yes. */
  mayQuit: () => boolean
}

/** Asks before runs are interrupted. They can be resumed, but nobody should lose an hour to a stray click. */
export function createQuitGuard(activeRuns: () => number, window: () => BrowserWindow | null): QuitGuard {
  let isConfirmed = false
  let isAsking = false
  const ask = async (): Promise<void> => {
    isAsking = true
    const confirmed = await askToInterrupt(activeRuns(), window(), { stop: 'Quit', keep: 'Keep running' })
    isAsking = false
    if (!confirmed) return
    isConfirmed = true
    app.quit()
  }
  return {
    mayQuit() {
      if (isConfirmed || activeRuns() === 0) return true
      if (!isAsking) void ask()
      return false
    },
  }
}

/** True when `runs` may be interrupted. */
export async function askToInterrupt(runs: number, window: BrowserWindow | null, words: { stop: string; keep: string }): Promise<boolean> {
  const options = {
    type: 'question' as const,
    message: runs === 1 ? 'A run is going on' : `${runs} runs are going on`,
    detail: 'They would be interrupted. What is done stays done, and they go on when the workspace is opened again; with "resume: ask" in strata.yaml, when you resume them.',
    buttons: [words.stop, words.keep],
    defaultId: 1,
    cancelId: 1,
  }
  const { response } = window === null ? await dialog.showMessageBox(options) : await dialog.showMessageBox(window, options)
  return response === 0
}
