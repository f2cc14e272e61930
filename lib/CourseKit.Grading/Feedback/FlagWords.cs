namespace CourseKit.Grading.Feedback;

/// <summary>
/// The oddities of a submission, in words. To the student they say what was found and what was done about it, and never
/// why: an editor changes cells more often than people do. The detail is the teacher's.
/// </summary>
internal static class FlagWords
{
    public static string Name(this SubmissionFlagKind kind) => kind switch
    {
        SubmissionFlagKind.Tampered => "changed cell",
        SubmissionFlagKind.Duplicated => "cell given twice",
        SubmissionFlagKind.Missing => "missing cell",
        SubmissionFlagKind.PointsChanged => "changed points",
        SubmissionFlagKind.Suspicious => "unusual code",
        _ => "unreadable file",
    };

    public static string ForStudent(SubmissionFlagKind kind) => kind switch
    {
        SubmissionFlagKind.Tampered => "A cell that is meant to stay as it was handed out had changed. The original was used in its place; your own answers were graded as you wrote them. This happens easily by accident.",
        SubmissionFlagKind.Duplicated => "A cell was there more than once, as happens when cells are copied and pasted. One of them was graded; the code shown below is the one that counted.",
        SubmissionFlagKind.Missing => "A cell of the assignment was not in your file. The original was put back, so that everything after it could run. If your answer was in it, hand in the file that has it.",
        SubmissionFlagKind.PointsChanged => "The points noted in your file differed from the assignment's. The assignment's count.",
        SubmissionFlagKind.Suspicious => "Your code uses something that the answers do not need, such as reflection, other processes or unsafe memory. Your teacher was told and may ask you about it.",
        _ => "Your file, or a part of it, could not be read as this assignment. Open it in your notebook editor, save it, and hand it in again, or ask your teacher.",
    };
}
