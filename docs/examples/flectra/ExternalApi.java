// The calls of Flectra's external API document in Java, in its order, against $ODOO_URL (profile flectra-2.0).
// The document uses Apache XML-RPC; `Client` stands in for it, so that the JDK is enough: java ExternalApi.java

import static java.util.Arrays.asList;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

public class ExternalApi {
    record Client(String url) {
        Object execute(String method, List<?> params) throws Exception {
            StringBuilder body = new StringBuilder("<?xml version='1.0'?><methodCall><methodName>")
                .append(method).append("</methodName><params>");
            for (Object param : params) {
                body.append("<param>").append(encode(param)).append("</param>");
            }
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "text/xml")
                .POST(HttpRequest.BodyPublishers.ofString(body.append("</params></methodCall>").toString())).build();
            byte[] answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
            Element root = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(answer)).getDocumentElement();
            Element content = elements(root).get(0);
            if (content.getTagName().equals("fault")) {
                throw new IllegalStateException(decode(elements(content).get(0)).toString());
            }
            return decode(elements(elements(content).get(0)).get(0));
        }

        private static String encode(Object value) {
            StringBuilder text = new StringBuilder("<value>");
            if (value instanceof Boolean flag) {
                text.append("<boolean>").append(flag ? 1 : 0).append("</boolean>");
            } else if (value instanceof Integer) {
                text.append("<int>").append(value).append("</int>");
            } else if (value instanceof List<?> items) {
                text.append("<array><data>");
                items.forEach(item -> text.append(encode(item)));
                text.append("</data></array>");
            } else if (value instanceof Map<?, ?> members) {
                text.append("<struct>");
                members.forEach((name, member) -> text.append("<member><name>").append(name).append("</name>")
                    .append(encode(member)).append("</member>"));
                text.append("</struct>");
            } else {
                String escaped = value.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
                text.append("<string>").append(escaped).append("</string>");
            }
            return text.append("</value>").toString();
        }

        private static Object decode(Element value) {
            List<Element> inner = elements(value);
            if (inner.isEmpty()) {
                return value.getTextContent();
            }
            Element typed = inner.get(0);
            switch (typed.getTagName()) {
                case "int":
                    return Integer.valueOf(typed.getTextContent());
                case "double":
                    return Double.valueOf(typed.getTextContent());
                case "boolean":
                    return typed.getTextContent().equals("1");
                case "array":
                    List<Object> items = new ArrayList<>();
                    elements(elements(typed).get(0)).forEach(item -> items.add(decode(item)));
                    return items;
                case "struct":
                    Map<String, Object> members = new TreeMap<>();
                    for (Element member : elements(typed)) {
                        members.put(elements(member).get(0).getTextContent(), decode(elements(member).get(1)));
                    }
                    return members;
                default:
                    return typed.getTextContent();
            }
        }

        private static List<Element> elements(Element parent) {
            List<Element> found = new ArrayList<>();
            for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
                if (node instanceof Element element) {
                    found.add(element);
                }
            }
            return found;
        }
    }

    static final String url = System.getenv("ODOO_URL"),
        db = System.getenv("ODOO_DB"),
        username = System.getenv("ODOO_LOGIN"),
        key = System.getenv("ODOO_API_KEY");
    static String password = System.getenv("ODOO_PASSWORD");
    static int uid;
    static final Client models = new Client(url + "/xmlrpc/2/object");

    static Object call(String model, String method, List<?> args) throws Exception {
        return models.execute("execute_kw", asList(db, uid, password, model, method, args));
    }

    static Object call(String model, String method, List<?> args, Map<String, ?> kwargs) throws Exception {
        return models.execute("execute_kw", asList(db, uid, password, model, method, args, kwargs));
    }

    static void check(Object expected, Object answer) {
        if (!expected.equals(answer)) {
            throw new IllegalStateException("expected " + expected + ", got " + answer);
        }
    }

    static Map<String, Object> field(String type, String label) {
        return Map.of("type", type, "string", label);
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) throws Exception {
        // demo: a test database of one's own
        Map<String, String> info = (Map<String, String>) new Client(url + "/start").execute("start", List.of());
        check(Set.of("host", "database", "user", "password"), info.keySet());
        Client common = new Client(url + "/xmlrpc/2/common");
        check(true, common.execute("authenticate", asList(
            info.get("database"), info.get("user"), info.get("password"), Map.of())) instanceof Integer);

        // logging in
        check(
            Map.of(
                "server_version", "13.0",
                "server_version_info", asList(13, 0, 0, "final", 0),
                "server_serie", "13.0",
                "protocol_version", 1),
            common.execute("version", List.of()));
        uid = (int) common.execute("authenticate", asList(db, username, password, Map.of()));
        if (key != null) { // it stands for the password
            check(uid, common.execute("authenticate", asList(db, username, key, Map.of())));
            password = key;
        }

        // calling methods
        check(true, call("res.partner", "check_access_rights", asList("read"), Map.of("raise_exception", false)));

        // listing, pages, counting
        List<?> companies = asList(asList(asList("is_company", "=", true)));
        List<Integer> found = (List<Integer>) call("res.partner", "search", companies);
        int size = found.size();
        check(true, size > 0);
        check(
            found.subList(Math.min(10, size), Math.min(15, size)),
            call("res.partner", "search", companies, Map.of("offset", 10, "limit", 5)));
        check(size, call("res.partner", "search_count", companies));

        // reading
        List<Integer> ids = (List<Integer>) call("res.partner", "search", companies, Map.of("limit", 1));
        check(found.subList(0, 1), ids);
        List<Map<String, Object>> records = (List<Map<String, Object>>) call("res.partner", "read", asList(ids));
        check(true, records.get(0).size() > 100); // the document counts 121, which depends on the modules
        List<String> names = asList("name", "country_id", "comment");
        records = (List<Map<String, Object>>) call("res.partner", "read", asList(ids), Map.of("fields", names));
        check(Set.of("id", "name", "country_id", "comment"), records.get(0).keySet());
        check(ids.get(0), records.get(0).get("id"));

        // fields
        Map<String, ?> attributes = Map.of("attributes", asList("string", "help", "type"));
        Map<String, ?> fields = (Map<String, ?>) call("res.partner", "fields_get", List.of(), attributes);
        check(Map.of("type", "char", "help", "BarCode", "string", "EAN13"), fields.get("ean13"));
        check(Map.of("type", "boolean", "help", "", "string", "Signup Token is Valid"), fields.get("signup_valid"));
        check(Map.of("type", "date", "help", "", "string", "Geo Localization Date"), fields.get("date_localization"));

        // search and read
        records = (List<Map<String, Object>>) call(
            "res.partner", "search_read", companies, Map.of("fields", names, "limit", 5));
        check(found.subList(0, Math.min(5, size)), records.stream().map(partner -> partner.get("id")).toList());

        // creating, updating, deleting
        Integer partner = (Integer) call("res.partner", "create", asList(Map.of("name", "New Partner")));
        check(true, call("res.partner", "write", asList(asList(partner), Map.of("name", "Newer Partner"))));
        check(asList(asList(partner, "Newer Partner")), call("res.partner", "name_get", asList(asList(partner))));
        check(true, call("res.partner", "unlink", asList(asList(partner))));
        check(List.of(), call("res.partner", "search", asList(asList(asList("id", "=", partner)))));

        // ir.model: a custom model begins with the built-in fields alone
        call("ir.model", "create", asList(
            Map.of("name", "Custom Model", "model", "x_custom_model", "state", "manual")));
        check(
            Map.of(
                "create_uid", field("many2one", "Created by"),
                "create_date", field("datetime", "Created on"),
                "__last_update", field("datetime", "Last Modified on"),
                "write_uid", field("many2one", "Last Updated by"),
                "write_date", field("datetime", "Last Updated on"),
                "display_name", field("char", "Display Name"),
                "id", field("integer", "Id")),
            call("x_custom_model", "fields_get", List.of(), attributes));

        // ir.model.fields: and is used at once, without access rights
        Integer model = (Integer) call("ir.model", "create", asList(
            Map.of("name", "Custom Model", "model", "x_custom", "state", "manual")));
        call("ir.model.fields", "create", asList(Map.of(
            "model_id", model, "name", "x_name", "ttype", "char", "state", "manual", "required", true)));
        Integer record = (Integer) call("x_custom", "create", asList(Map.of("x_name", "test record")));
        Map<String, Object> read = ((List<Map<String, Object>>) call("x_custom", "read", asList(asList(record)))).get(0);
        check(
            Set.of("create_uid", "x_name", "__last_update", "write_uid", "write_date", "create_date", "id",
                "display_name"),
            read.keySet());
        check(asList(1, "test record", "test record"), asList(
            read.get("id"), read.get("x_name"), read.get("display_name")));
        check(uid, ((List<Object>) read.get("create_uid")).get(0));

        System.out.println("every call of the document was answered as printed");
    }
}
