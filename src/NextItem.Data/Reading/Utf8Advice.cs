namespace NextItem.Data.Reading;

/// <summary>What to do about text that is not UTF-8, said wherever such text is met.</summary>
internal static class Utf8Advice
{
    public const string HowToConvert =
        "If the whole file is Latin-1 (older Windows programs), convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW. If only some rows are, that would spoil the others: correct these rows or leave them out, as 'nextitem prepare' does.";
}
