import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { StatusMark, type StatusName } from './status.tsx'
import './toast.css'

export interface ToastRequest {
  status: StatusName
  title: string
  text?: string
  action?: { label: string; run: () => void }
}
interface ShownToast extends ToastRequest {
  id: number
}

const SHOWN_MS = 6_000
const MAX_SHOWN = 4

const ToastContext = createContext<((toast: ToastRequest) => void) | null>(null)

/** Says that something was done or broke elsewhere. */
export function useToast(): (toast: ToastRequest) => void {
  const show = useContext(ToastContext)
  if (show === null) throw new Error('useToast needs a ToastProvider above it')
  return show
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([])
  const nextId = useRef(1)
  const show = useCallback((toast: ToastRequest) => {
    const id = nextId.current++
    setToasts((shown) => [...shown, { ...toast, id }].slice(-MAX_SHOWN))
  }, [])
  const close = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), [])
  const list = useMemo(() => toasts.map((toast) => <Toast key={toast.id} toast={toast} onClose={close} />), [toasts, close])
  return (
    <ToastContext value={show}>
      {children}
      <section className='toasts' aria-label='Messages' aria-live='polite'>{list}</section>
    </ToastContext>
  )
}

/** Goes after six seconds, unless hovered, focused, or an error. */
function Toast({ toast, onClose }: { toast: ShownToast; onClose: (id: number) => void }) {
  const [held, setHeld] = useState(false)
  const lasting = toast.status === 'failed'
  useEffect(() => {
    if (held || lasting) return
    const timer = setTimeout(() => onClose(toast.id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held, lasting, onClose, toast.id])
  return (
    <div className='toast' role={lasting ? 'alert' : undefined} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <StatusMark status={toast.status} size={15} />
      <div className='grow'>
        <b>{toast.title}</b>
        {toast.text !== undefined && <div className='t2'>{toast.text}</div>}
      </div>
      {toast.action !== undefined && (
        <Button
          small
          onClick={() => {
            toast.action?.run()
            onClose(toast.id)
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton small variant='quiet' icon='close' iconSize={12} label='Dismiss' onClick={() => onClose(toast.id)} />
    </div>
  )
}
