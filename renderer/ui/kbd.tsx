import './kbd.css'

/** A key cap: "Ctrl K". */
export function Kbd({ children }: { children: string }) {
  return <kbd className='kbd'>{children}</kbd>
}
