Attribute VB_Name = "ItaSheets"
Option Explicit
Option Private Module
' The sheets for experts: hidden until somebody wants them. Their titles come from the workbook's schema.

' Show them all if one of them is hidden, else hide them all. Returns what to tell the clerk, "" if all went well.
Public Function ItaToggleExperts() As String
    Dim book As Object
    Dim sheet As Object
    Dim experts As New Collection
    Dim show As Boolean
    Set book = ActiveWorkbook
    If book Is Nothing Then
        ItaToggleExperts = "no_workbook"
        Exit Function
    End If
    For Each sheet In book.Worksheets
        If IsExpert(sheet.Name) Then
            experts.Add sheet
            If sheet.Visible <> xlSheetVisible Then show = True
        End If
    Next
    If experts.Count = 0 Then
        ItaToggleExperts = "no_experts"
        Exit Function
    End If
    On Error GoTo refused
    For Each sheet In experts
        If show Then
            sheet.Visible = xlSheetVisible
        Else
            sheet.Visible = xlSheetHidden
        End If
    Next
    Exit Function
refused:
    ItaToggleExperts = "experts_refused"
End Function

Private Function IsExpert(ByVal title As String) As Boolean
    Dim expert As Variant
    For Each expert In ItaExpertTitles()
        If title = expert Then IsExpert = True
    Next
End Function
