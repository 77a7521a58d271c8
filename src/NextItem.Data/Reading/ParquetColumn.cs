using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace NextItem.Data.Reading;

/// <summary>One column of the current row group, as text or as a time.</summary>
internal abstract class ParquetColumn
{
    /// <summary>What a column can be: keys are text or whole numbers.</summary>
    public const string KeyTypes = "text or whole numbers";

    /// <summary>What a column can be: times are text, numbers or timestamps.</summary>
    public const string TimeTypes = "numbers, timestamps or text";

    /// <summary>What a column can be: item features.</summary>
    public const string FeatureTypes = "text, numbers, true and false, or lists of numbers";

    /// <summary>Whether the column can hold keys.</summary>
    public virtual bool CanBeKey => true;

    /// <summary>Reads the column of a row group.</summary>
    public abstract Task LoadAsync(ParquetRowGroupReader group, int count, CancellationToken cancellationToken);

    /// <summary>Whether there is nothing in a row.</summary>
    public abstract bool IsNull(int row);

    /// <summary>A value as text; good until the next call.</summary>
    public abstract ReadOnlySpan<char> Text(int row);

    /// <summary>A value as a time; false where the text has to be parsed.</summary>
    public abstract bool TryTime(int row, out double time);

    /// <summary>Whether the column holds lists of numbers.</summary>
    public virtual bool HoldsVectors => false;

    /// <summary>The list in a row; empty where there is none.</summary>
    public virtual ReadOnlySpan<double> Vector(int row) => [];

    /// <summary>The column for a field of item features, which may hold lists of numbers; or null.</summary>
    public static ParquetColumn? ForFeature(Field field) => field switch
    {
        ListField { Item: DataField item } => ParquetVectors.For(item),
        DataField { IsArray: true } or DataField { MaxRepetitionLevel: > 0 } => ParquetVectors.For((DataField)field),
        DataField data when data.ClrType == typeof(bool) => new FlagColumn(data),
        DataField data => For(data),
        _ => null,
    };

    /// <summary>The column for a field, or null where its type is of no use here.</summary>
    public static ParquetColumn? For(DataField field)
    {
        if (field.IsArray || field.MaxRepetitionLevel > 0)
            return null;
        var type = field.ClrType;
        return type == typeof(ReadOnlyMemory<char>) ? new TextColumn(field)
            : type == typeof(int) ? new NumberColumn<int>(field)
            : type == typeof(long) ? new NumberColumn<long>(field)
            : type == typeof(short) ? new NumberColumn<short>(field)
            : type == typeof(sbyte) ? new NumberColumn<sbyte>(field)
            : type == typeof(uint) ? new NumberColumn<uint>(field)
            : type == typeof(ulong) ? new NumberColumn<ulong>(field)
            : type == typeof(ushort) ? new NumberColumn<ushort>(field)
            : type == typeof(byte) ? new NumberColumn<byte>(field)
            : type == typeof(double) ? new FractionColumn<double>(field)
            : type == typeof(float) ? new FractionColumn<float>(field)
            : type == typeof(decimal) ? new FractionColumn<decimal>(field)
            : type == typeof(DateTime) ? new TimestampColumn(field)
            : null;
    }

    private abstract class ColumnOf<T>(DataField field) : ParquetColumn
        where T : struct
    {
        // Parquet.Net fills a nullable buffer with wrong values, silently, when the column cannot hold nulls: one buffer for each case.
        private readonly bool _isNullable = field.MaxDefinitionLevel > 0;
        private T[] _values = [];
        private T?[] _nullables = [];

        public sealed override async Task LoadAsync(ParquetRowGroupReader group, int count, CancellationToken cancellationToken)
        {
            if (_isNullable)
            {
                if (_nullables.Length < count)
                    _nullables = new T?[count];
                await group.ReadAsync(field, _nullables.AsMemory(0, count), null, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (_values.Length < count)
                _values = new T[count];
            await group.ReadAsync(field, _values.AsMemory(0, count), null, cancellationToken).ConfigureAwait(false);
        }

        public sealed override bool IsNull(int row) => _isNullable && _nullables[row] is null;

        protected T Value(int row) => _isNullable ? _nullables[row].GetValueOrDefault() : _values[row];
    }

    private sealed class TextColumn(DataField field) : ColumnOf<ReadOnlyMemory<char>>(field)
    {
        public override ReadOnlySpan<char> Text(int row) => Value(row).Span;

        public override bool TryTime(int row, out double time)
        {
            time = 0;
            return false;
        }
    }

    private class NumberColumn<T>(DataField field) : ColumnOf<T>(field)
        where T : struct, INumber<T>
    {
        private readonly char[] _text = new char[64];

        public override ReadOnlySpan<char> Text(int row) =>
            Value(row).TryFormat(_text, out var length, default, CultureInfo.InvariantCulture) ? _text.AsSpan(0, length) : default;

        public override bool TryTime(int row, out double time)
        {
            time = double.CreateTruncating(Value(row));
            return true;
        }
    }

    // 17 read as 17.0 would be a key that no other file has: such a column is a time or nothing.
    private sealed class FractionColumn<T>(DataField field) : NumberColumn<T>(field)
        where T : struct, INumber<T>
    {
        public override bool CanBeKey => false;
    }

    private sealed class FlagColumn(DataField field) : ColumnOf<bool>(field)
    {
        public override ReadOnlySpan<char> Text(int row) => Value(row) ? "true" : "false";

        public override bool TryTime(int row, out double time)
        {
            time = 0;
            return false;
        }
    }

    private sealed class TimestampColumn(DataField field) : ColumnOf<DateTime>(field)
    {
        private readonly char[] _text = new char[64];

        public override bool CanBeKey => false;

        public override ReadOnlySpan<char> Text(int row) =>
            Value(row).TryFormat(_text, out var length, "O", CultureInfo.InvariantCulture) ? _text.AsSpan(0, length) : default;

        public override bool TryTime(int row, out double time)
        {
            time = TimeText.UnixSeconds(Value(row));
            return true;
        }
    }
}
