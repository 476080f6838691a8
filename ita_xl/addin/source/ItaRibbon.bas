Attribute VB_Name = "ItaRibbon"
Option Explicit
' What the buttons call. ASCII only: Thai stands in customUI14.xml and in ItaTexts, both filled at build time.

' What the button's tag says: Python does it on the open workbook. Python runs without a console, so nothing flashes;
' it tells the clerk itself how it went, and ends with 0 once it has, whatever it had to tell. Anything else means
' that nobody has spoken: ita_xl is gone, or never began. The status bar says at once that the click was seen, and
' once Python runs, that it does.
Public Sub ItaAttach(control As IRibbonControl)
    Dim shell As Object
    Dim asked As String
    Dim book As String
    Dim ended As Long
    On Error GoTo notStarted
    Set shell = CreateObject("WScript.Shell")
    asked = " -P -m ita_xl attach " & control.Tag & " --alert --hwnd=" & Application.Hwnd
    If Not ActiveWorkbook Is Nothing Then book = ActiveWorkbook.Name
    ' By the environment, because Run would put the value of a variable in place of %NAME% in a workbook's name.
    shell.Environment("Process")("ITA_XL_BOOK") = book
    shell.Environment("Process")("ITA_XL_BEGUN") = ItaText("begun")
    Application.StatusBar = ItaText("starting")
    ended = shell.Run("""" & PythonPath() & """" & asked, 1, True)
    Application.StatusBar = False
    If ended <> 0 Then Tell ItaText("not_started"), CStr(ended)
    Exit Sub
notStarted:
    Application.StatusBar = False
    Tell ItaText("not_started"), Err.Number & " " & Err.Description
End Sub

' Show the sheets for experts, or hide them again.
Public Sub ItaExperts(control As IRibbonControl)
    Dim refused As String
    refused = ItaToggleExperts()
    If refused <> "" Then Tell ItaText(refused), ""
End Sub

Public Sub ItaHelp(control As IRibbonControl)
    Tell ItaText("help"), ""
End Sub

' Written into the add-in when it was installed, because each computer has its own.
Private Function PythonPath() As String
    PythonPath = ThisWorkbook.Worksheets(1).Range("B1").Value
End Function

' MsgBox shows Thai only where Windows is set to Thai; Popup shows it everywhere.
Private Sub Tell(ByVal words As String, ByVal detail As String)
    If detail <> "" Then words = words & vbCrLf & vbCrLf & "(" & detail & ")"
    On Error GoTo withoutPopup
    CreateObject("WScript.Shell").Popup words, 0, ItaText("title"), vbInformation + vbSystemModal
    Exit Sub
withoutPopup:
    MsgBox words, vbInformation, "ITA"
End Sub
