import { PageHead } from '../../ui/bars.tsx'

export function SettingsScreen() {
  return <div className='view'><section className='main'><PageHead title='Settings' /></section></div>
}
