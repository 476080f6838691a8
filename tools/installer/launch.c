/* The programs of the folder. With INSIDE they are python.exe and pythonw.exe, which only call the interpreter's
 * library, as the official ones do. Otherwise they are what a person starts: they start those, with WORDS before what
 * they were given, and wait. words.h has the sentences, made from the project's texts. */
#include <windows.h>
#include <wchar.h>
#include "words.h"

#define ROOM 32768

static int complain(const wchar_t *sentence)
{
    MessageBoxW(NULL, sentence, TITLE, MB_OK | MB_ICONWARNING | MB_SETFOREGROUND);
    return 99;
}

#ifdef INSIDE
typedef int (*Run)(int, wchar_t **);

static int run(int count, wchar_t **words)
{
    HMODULE library = LoadLibraryW(L"python311.dll");
    Run start = library ? (Run)(void *)GetProcAddress(library, "Py_Main") : NULL;
    return start ? start(count, words) : complain(NOT_WHOLE);
}
#else
static wchar_t program[ROOM], line[ROOM];

/* What follows the program's own name in its command line, just as it was given. */
static const wchar_t *given(void)
{
    const wchar_t *at = GetCommandLineW();
    int quoted = 0;
    for (; *at && (quoted || (*at != L' ' && *at != L'\t')); at++)
        if (*at == L'"')
            quoted = !quoted;
    return at;
}

/* One of our own streams, such that the program that we start may use it; nothing where there is none. */
static HANDLE handed_on(DWORD which)
{
    HANDLE own = GetStdHandle(which), copy = NULL, self = GetCurrentProcess();
    if (own && own != INVALID_HANDLE_VALUE)
        DuplicateHandle(self, own, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS);
    return copy;
}

static int run(int count, wchar_t **words)
{
    DWORD length = GetModuleFileNameW(NULL, program, ROOM);
    wchar_t *name = length ? wcsrchr(program, L'\\') : NULL;
    if (!name || length > ROOM - 64)
        return complain(NOT_WHOLE);
    wcscpy(name, L"\\python\\" BEHIND);
    if (GetFileAttributesW(program) == INVALID_FILE_ATTRIBUTES)
        return complain(NOT_WHOLE); /* it was started inside of the zip, or alone */
    int made = _snwprintf(line, ROOM - 1, L"\"%ls\" -m ita_xl" WORDS L"%ls", program, given());
    if (made < 0)
        return complain(NOT_WHOLE);
    STARTUPINFOW how = {.cb = sizeof how};
    PROCESS_INFORMATION started;
    GetStartupInfoW(&how);
    how.lpReserved = NULL;
    how.hStdInput = handed_on(STD_INPUT_HANDLE);
    how.hStdOutput = handed_on(STD_OUTPUT_HANDLE);
    how.hStdError = handed_on(STD_ERROR_HANDLE);
    how.dwFlags |= STARTF_USESTDHANDLES;
    if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &how, &started))
        return complain(FORBIDDEN);
    AllowSetForegroundWindow(started.dwProcessId);
    DWORD code = 1;
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    return (int)code;
}
#endif

#ifdef WINDOWED
int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, LPWSTR rest, int show) { return run(__argc, __wargv); }
#else
int wmain(int count, wchar_t **words) { return run(count, words); }
#endif
