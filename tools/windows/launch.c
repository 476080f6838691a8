/* python.exe and pythonw.exe: all they do is call the interpreter's library, as the official ones do. */
#include <windows.h>

typedef int (*Run)(int, wchar_t **);

static int run(int count, wchar_t **words)
{
    HMODULE library = LoadLibraryW(L"python311.dll");
    Run start = library ? (Run)(void *)GetProcAddress(library, "Py_Main") : NULL;
    return start ? start(count, words) : 99;
}

#ifdef WINDOWED
int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, LPWSTR line, int show) { return run(__argc, __wargv); }
#else
int wmain(int count, wchar_t **words) { return run(count, words); }
#endif
