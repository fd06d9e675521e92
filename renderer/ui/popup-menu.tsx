import { Menu } from '@mantine/core'
import { type Ref, useEffect } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import type { CommandId } from './keys/commands.ts'
import { useKeyCaps } from './keys/key-bindings.ts'
import './popup.css'

export interface MenuItem {
  id: string
  label: string
  icon?: IconName
  /** Keys, as written on caps. */
  shortcut?: string
  /** What its keys do as well. */
  command?: CommandId
  danger?: boolean
  disabled?: boolean
  run: () => void
}

/** Items between lines; empty groups vanish. */
export type MenuGroups = readonly (readonly MenuItem[])[]

/** A place on the screen: the pointer, or the box of the element that asked. */
export interface Anchor {
  left: number
  top: number
  width: number
  height: number
}

export function anchorOf(element: Element): Anchor {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { left, top, width, height }
}

export function anchorAt(event: { clientX: number; clientY: number }): Anchor {
  return { left: event.clientX, top: event.clientY, width: 0, height: 0 }
}

interface PopupMenuProps {
  label: string
  anchor: Anchor
  groups: MenuGroups
  onClose: () => void
}

/** A menu at a place, for what has no button of its own: a cell, a column header. The focus goes back to where it was. */
export function PopupMenu({ label, anchor, groups, onClose }: PopupMenuProps) {
  const shown = groups.filter((group) => group.length > 0)
  useFocusBack()
  return (
    <Menu opened onClose={onClose} position='bottom-start' offset={2} transitionProps={{ duration: 0 }} returnFocus={false} hideDetached={false}>
      <Menu.Target>
        <Ghost anchor={anchor} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label} className='popup-menu'>
        {shown.map((group, index) => (
          <MenuGroup key={group[0]?.id ?? index} group={group} first={index === 0} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function MenuGroup({ group, first }: { group: readonly MenuItem[]; first: boolean }) {
  return (
    <>
      {!first && <Menu.Divider />}
      {group.map((item) => (
        <Menu.Item
          key={item.id}
          className={item.danger === true ? 'danger' : ''}
          disabled={item.disabled === true}
          leftSection={item.icon === undefined ? undefined : <Icon name={item.icon} size={14} />}
          rightSection={<MenuKeys item={item} />}
          onClick={item.run}
        >
          {item.label}
        </Menu.Item>
      ))}
    </>
  )
}

function MenuKeys({ item: { shortcut, command } }: { item: MenuItem }) {
  const caps = useKeyCaps(command)
  const keys = shortcut ?? caps
  return keys === undefined ? null : <Kbd>{keys}</Kbd>
}

/** Gives the focus back to what had it before a floating thing opened, unless something else has taken it meanwhile. */
export function useFocusBack(): void {
  useEffect(() => {
    const before = document.activeElement
    return () => {
      setTimeout(() => {
        if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus()
      }, 0)
    }
  }, [])
}

/** Takes the place of the element that a floating thing hangs on. */
export function Ghost({ anchor, ref, ...aria }: { anchor: Anchor; ref?: Ref<HTMLSpanElement> }) {
  return <span {...aria} ref={ref} aria-hidden='true' className='popup-ghost' style={{ left: anchor.left, top: anchor.top, width: anchor.width, height: anchor.height }} />
}
