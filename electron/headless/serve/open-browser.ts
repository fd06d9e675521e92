import { spawn } from 'node:child_process'

/** Opens the address in the person's browser, where the system can; Strata goes on without when it cannot. */
export function openBrowser(url: string, platform: NodeJS.Platform): void {
  const [command, ...args] = launcher(platform)
  const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore' })
  // No such program, for example on a machine without a desktop: the printed address is all there is.
  child.on('error', () => undefined)
  child.unref()
}

function launcher(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
