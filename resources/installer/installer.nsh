; The entry of a folder's menu: it is taken in as an import, which is shown before anything of it counts.
!define FOLDER_ENTRY "Software\Classes\Directory\shell\AIWorkflow"

!macro customInstall
  WriteRegStr SHELL_CONTEXT "${FOLDER_ENTRY}" "" "Import into AIWorkflow"
  WriteRegStr SHELL_CONTEXT "${FOLDER_ENTRY}" "Icon" "$appExe,0"
  WriteRegStr SHELL_CONTEXT "${FOLDER_ENTRY}\command" "" '"$appExe" "--import=%V"'
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "${FOLDER_ENTRY}"
!macroend
