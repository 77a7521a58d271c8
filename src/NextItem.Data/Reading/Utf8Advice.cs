namespace NextItem.Data.Reading;

/// <summary>What to do about text that is not UTF-8, said wherever such text is met.</summary>
internal static class Utf8Advice
{
    public const string HowToConvert = "Convert the file first; text of older Windows programs (Latin-1): iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.";
}
