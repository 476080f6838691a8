Attribute VB_Name = "ItaLevels"
Option Explicit
' The worksheet functions ITA_LEVEL and ITA_GAP. The bands of each year stand in ItaYears, made from the year data.
'
' A score is a number from 0 to 100, judged as it is printed: two decimals, half up. Blank, or "", is not known.
' #N/A     not known: no such year, or a score is missing that decides the level
' #VALUE!  wrong: a text, a truth value, several cells, a number outside 0 to 100, a year that is no whole number

Private Const NOT_KNOWN As Long = 2042
Private Const WRONG As Long = 2015
Private Const BLANK As Long = -1

' The level that a result reaches in a fiscal year of the Buddhist era.
Public Function ITA_LEVEL(total As Variant, IIT As Variant, EIT As Variant, OIT As Variant, year As Variant) As Variant
    Dim points As Variant
    Dim bands As Variant
    Dim place As Variant
    bands = BandsOf(year)
    points = Array(0, Hundredths(total), Hundredths(IIT), Hundredths(EIT), Hundredths(OIT))
    place = Reached(bands, points)
    If IsError(place) Then
        ITA_LEVEL = place
    Else
        ITA_LEVEL = bands(place)(0)
    End If
End Function

' Points of the total still missing to the next level: 0 at the highest level, and 0 where the total suffices but
' an instrument lies below the minimum that the next level asks of it.
Public Function ITA_GAP(total As Variant, IIT As Variant, EIT As Variant, OIT As Variant, year As Variant) As Variant
    Dim points As Variant
    Dim bands As Variant
    Dim place As Variant
    Dim missing As Long
    bands = BandsOf(year)
    points = Array(0, Hundredths(total), Hundredths(IIT), Hundredths(EIT), Hundredths(OIT))
    place = Reached(bands, points)
    If IsError(place) Then
        ITA_GAP = place
        Exit Function
    End If
    If place > 0 Then missing = bands(place - 1)(1) - points(1)
    If missing < 0 Then missing = 0
    ITA_GAP = missing / 100
End Function

' The place of the first level whose needs are all met. A level that hangs on an unknown score is not guessed.
Private Function Reached(bands As Variant, points As Variant) As Variant
    Dim place As Long
    Dim node As Long
    Dim met As Boolean
    Dim unknown As Boolean
    If IsError(bands) Then
        Reached = bands
        Exit Function
    End If
    For node = 1 To 4
        If IsError(points(node)) Then
            Reached = points(node)
            Exit Function
        End If
    Next
    For place = 0 To UBound(bands)
        met = True
        unknown = False
        For node = 1 To 4
            If bands(place)(node) >= 0 Then
                If points(node) = BLANK Then
                    unknown = True
                ElseIf points(node) < bands(place)(node) Then
                    met = False
                End If
            End If
        Next
        If met Then Exit For
    Next
    If met And Not unknown Then
        Reached = place
    Else
        Reached = CVErr(NOT_KNOWN)
    End If
End Function

' A score in hundredths of a point, or BLANK, or an error.
Private Function Hundredths(score As Variant) As Variant
    Dim given As Variant
    given = Content(score)
    If IsError(given) Then
        Hundredths = given
    ElseIf IsBlank(given) Then
        Hundredths = BLANK
    ElseIf Not IsNumber(given) Then
        Hundredths = CVErr(WRONG)
    Else
        ' A score is read at ten decimals, so 1.005 is no 1.00499999999999989.
        given = Int(given * 100 + 0.500000005)
        If given < 0 Or given > 10000 Then given = CVErr(WRONG)
        Hundredths = given
    End If
End Function

' The bands of a fiscal year, or an error.
Private Function BandsOf(year As Variant) As Variant
    Dim given As Variant
    Dim found As Variant
    given = Content(year)
    If IsError(given) Then
        BandsOf = given
    ElseIf IsBlank(given) Then
        BandsOf = CVErr(NOT_KNOWN)
    ElseIf Not IsNumber(given) Then
        BandsOf = CVErr(WRONG)
    ElseIf given <> Int(given) Then
        BandsOf = CVErr(WRONG)
    Else
        found = ItaBands(given)
        If IsEmpty(found) Then
            BandsOf = CVErr(NOT_KNOWN)
        Else
            BandsOf = found
        End If
    End If
End Function

' What a cell holds, or the value itself.
Private Function Content(given As Variant) As Variant
    If IsMissing(given) Then
        Content = Empty
    ElseIf TypeName(given) = "Range" Then
        Content = CellValue(given)
    Else
        Content = given
    End If
End Function

Private Function CellValue(ByVal cell As Object) As Variant
    CellValue = cell.Value
End Function

Private Function IsBlank(given As Variant) As Boolean
    If IsEmpty(given) Then
        IsBlank = True
    ElseIf VarType(given) = vbString Then
        IsBlank = (given = "")
    End If
End Function

' Integer, Long, Single, Double, Currency: no text, date or truth value.
Private Function IsNumber(given As Variant) As Boolean
    IsNumber = (VarType(given) >= vbInteger And VarType(given) <= vbCurrency)
End Function
