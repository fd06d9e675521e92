import { app } from 'electron'
import { registerAppScheme } from './app-protocol.ts'
import { startDesktop } from './desktop.ts'
import { namedWorkspace } from './first-workspace.ts'
import { guardContents } from './guards.ts'

// Everything here happens before `ready`, which Electron holds back until this module has been evaluated: never await whenReady here.
app.enableSandbox()
registerAppScheme()
guardContents()
const named = namedWorkspace(process.argv, { cwd: process.cwd(), isPackaged: app.isPackaged })
if (app.requestSingleInstanceLock({ named })) void app.whenReady().then(() => startDesktop(named))
else app.exit(0)
