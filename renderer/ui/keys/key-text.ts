/** Keys as text: "ctrl+shift+c". Ctrl also means Cmd, as in all of the window. */

type KeyEvent = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

const MODIFIERS = new Set(['control', 'shift', 'alt', 'meta', 'altgraph', 'capslock', 'os'])

/** The keys of an event in the notation of commands; null while only modifiers are held. */
export function keysOf(event: KeyEvent): string | null {
  const key = keyOf(event)
  if (MODIFIERS.has(key)) return null
  const isSign = key.length === 1 && !/[\p{L}\p{N}]/u.test(key)
  const held = [
    event.ctrlKey || event.metaKey ? 'ctrl' : '',
    event.altKey ? 'alt' : '',
    // A sign that Shift makes is the sign, wherever it is on the keyboard.
    event.shiftKey && !(isSign && !event.ctrlKey && !event.metaKey && !event.altKey) ? 'shift' : '',
  ]
  return [...held, key].filter((part) => part !== '').join('+')
}

/** By the place of the key where a held modifier makes another sign of it, or the layout has no Latin letters. */
function keyOf({ key, code, ctrlKey, metaKey, altKey }: KeyEvent): string {
  const place = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code)
  const lower = key === ' ' ? 'space' : key.toLowerCase()
  const isByPlace = altKey || ((ctrlKey || metaKey) && !/^[\p{ASCII}]+$/u.test(lower))
  return place !== null && isByPlace ? (place[1]?.toLowerCase() ?? place[2] ?? lower) : lower
}

const CAPS: Readonly<Record<string, string>> = {
  ctrl: 'Ctrl', alt: 'Alt', shift: 'Shift', arrowleft: '←', arrowright: '→', arrowup: '↑', arrowdown: '↓',
  enter: 'Enter', escape: 'Esc', delete: 'Del', backspace: 'Backspace', pageup: 'PgUp', pagedown: 'PgDn', space: 'Space', home: 'Home', end: 'End', insert: 'Ins', tab: 'Tab',
}

/** As on caps: "Ctrl Shift C"; on a Mac "Cmd". */
export function capsOf(keys: string, isMac = false): string {
  return parts(keys).map((part) => (part === 'ctrl' && isMac ? 'Cmd' : (CAPS[part] ?? part.toUpperCase()))).join(' ')
}

/** As the desktop's menu writes them: "CmdOrCtrl+Shift+C". */
export function acceleratorOf(keys: string): string {
  const names: Readonly<Record<string, string>> = { ctrl: 'CmdOrCtrl', arrowleft: 'Left', arrowright: 'Right', arrowup: 'Up', arrowdown: 'Down' }
  return parts(keys).map((part) => names[part] ?? `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`).join('+')
}

/** The plus sign is a key too. */
function parts(keys: string): string[] {
  return keys.endsWith('++') ? [...keys.slice(0, -2).split('+'), '+'] : keys === '+' ? ['+'] : keys.split('+')
}

/** Why nobody may give a command these keys; null when they may. */
export function keysProblem(keys: string): string | null {
  const plain = parts(keys)
  const last = plain.at(-1) ?? ''
  const isHeld = plain.includes('ctrl') || plain.includes('alt')
  if (['tab', 'escape'].includes(last) && !isHeld) return `${capsOf(keys)} moves the focus and closes layers everywhere`
  if (!isHeld && (['enter', 'space', 'backspace', 'delete', 'home', 'end', 'pageup', 'pagedown'].includes(last) || last.startsWith('arrow'))) return `${capsOf(keys)} works lists, grids and fields everywhere`
  if (['ctrl+c', 'ctrl+v', 'ctrl+x', 'ctrl+a', 'ctrl+z'].includes(keys)) return `${capsOf(keys)} edits text everywhere`
  if (['ctrl+w', 'ctrl+t', 'ctrl+n', 'ctrl+q', 'ctrl+shift+w', 'ctrl+shift+t'].includes(keys)) return `${capsOf(keys)} belongs to the browser or the desktop`
  return null
}
